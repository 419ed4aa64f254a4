package dev.rpcboot.client;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.jsonrpc.ClientCodec;
import dev.rpcboot.jsonrpc.EncodedResult;
import dev.rpcboot.jsonrpc.MalformedAnswerException;
import org.jspecify.annotations.Nullable;

/**
 * A single call of a method that is answered with its result.
 */
final class CallForm implements WireForm {

	private final ContractMethod method;

	private final ClientCodec codec;

	private final boolean sharesResults;

	/**
	 * Creates one.
	 * @param sharesResults whether callers who are given the same kept answer share the
	 * decoded value; only for types whose values nobody can change
	 */
	CallForm(ContractMethod method, ClientCodec codec, boolean sharesResults) {
		this.method = method;
		this.codec = codec;
		this.sharesResults = sharesResults;
	}

	@Override
	public byte[] encode(long id, @Nullable Object[] arguments) {
		return this.codec.encodeRequest(id, arguments);
	}

	@Override
	public byte[] encodeArguments(@Nullable Object[] arguments) {
		return this.codec.encodeParams(arguments);
	}

	@Override
	public boolean isCoalescible() {
		return true;
	}

	@Override
	public RpcResponse read(RpcTransport.Answer answer, RpcRequest request, long id) throws Throwable {
		return AnswerReader.read(answer, request, this.codec, id);
	}

	@Override
	public @Nullable Object decode(RpcResponse response) {
		return decode(response.result());
	}

	@Nullable Object decode(EncodedResult result) {
		try {
			return this.sharesResults ? this.codec.decodeShared(result) : this.codec.decodeResult(result);
		}
		catch (MalformedAnswerException ex) {
			throw new RpcProtocolException(this.method.fullName() + " was answered with a result that does not fit "
					+ this.method.resultType().getTypeName() + ": " + ex.getMessage()
					+ ". Compare the contract with the provider's", Execution.EXECUTED, ex);
		}
	}

	@Override
	public String toString() {
		return this.method.fullName();
	}

}
