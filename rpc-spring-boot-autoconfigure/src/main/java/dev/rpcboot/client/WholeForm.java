package dev.rpcboot.client;

import dev.rpcboot.call.ContractMethod.ReturnKind;
import org.jspecify.annotations.Nullable;

/**
 * A call whose result is handed over when it is there as a whole, by the method's own way
 * to do so, as batches and broadcasts do.
 */
final class WholeForm implements WireForm {

	private final WireForm form;

	private final ReturnKind kind;

	/**
	 * Creates one.
	 * @param form the call as one that is answered with a value
	 * @param kind how the method hands over its result
	 */
	WholeForm(WireForm form, ReturnKind kind) {
		this.form = form;
		this.kind = kind;
	}

	@Override
	public byte[] encode(long id, @Nullable Object[] arguments) {
		return this.form.encode(id, arguments);
	}

	@Override
	public byte[] encodeArguments(@Nullable Object[] arguments) {
		return this.form.encodeArguments(arguments);
	}

	@Override
	public RpcResponse read(RpcTransport.Answer answer, RpcRequest request, long id) throws Throwable {
		return this.form.read(answer, request, id);
	}

	@Override
	public @Nullable Object decode(RpcResponse response) {
		CombinedResult combined = response.combined();
		return (combined != null) ? combined.outcomes() : Handover.of(this.kind, this.form.decode(response));
	}

}
