package dev.rpcboot.client;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.jsonrpc.ClientCodec;
import dev.rpcboot.jsonrpc.JsonRpcMapper;
import dev.rpcboot.jsonrpc.ParamsWriter;
import org.jspecify.annotations.Nullable;

/**
 * A call of a method of which no contract says the parameters. Its only argument is a map
 * of them where they are given by name.
 */
final class GenericForm implements WireForm {

	private final ClientCodec codec;

	private final WireForm answers;

	private final ParamsWriter params;

	private final boolean named;

	private final boolean mirrored;

	GenericForm(ContractMethod method, JsonRpcMapper mapper, boolean named) {
		this.codec = new ClientCodec(mapper, method);
		// kept answers may be decoded to other types by others
		this.answers = new CallForm(method, this.codec, false);
		this.params = new ParamsWriter(mapper, method.fullName());
		this.named = named;
		// other characters cannot stand in a header
		this.mirrored = method.name().chars().allMatch((c) -> c > ' ' && c < 127);
	}

	@Override
	public boolean mirrorsMethod() {
		return this.mirrored;
	}

	@Override
	public byte[] encode(long id, @Nullable Object[] arguments) {
		return this.codec.encodeRequest(id, encodeArguments(arguments));
	}

	@Override
	@SuppressWarnings("unchecked")
	public byte[] encodeArguments(@Nullable Object[] arguments) {
		return this.named ? this.params.named((Map<String, ?>) Objects.requireNonNull(arguments[0]))
				: this.params.positional(Arrays.asList(arguments));
	}

	@Override
	public RpcResponse read(RpcTransport.Answer answer, RpcRequest request, long id) throws Throwable {
		return this.answers.read(answer, request, id);
	}

	@Override
	public @Nullable Object decode(RpcResponse response) {
		return this.answers.decode(response);
	}

}
