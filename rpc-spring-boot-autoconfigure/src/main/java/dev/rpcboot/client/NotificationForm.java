package dev.rpcboot.client;

import dev.rpcboot.jsonrpc.ClientCodec;
import dev.rpcboot.jsonrpc.EncodedResult;
import org.jspecify.annotations.Nullable;

/**
 * A call for whose end the caller does not wait: a notification, whose only answer is
 * that it was accepted.
 */
final class NotificationForm implements WireForm {

	private final ClientCodec codec;

	NotificationForm(ClientCodec codec) {
		this.codec = codec;
	}

	@Override
	public byte[] encode(long id, @Nullable Object[] arguments) {
		return this.codec.encodeRequest(null, this.codec.encodeParams(arguments));
	}

	@Override
	public byte[] encodeArguments(@Nullable Object[] arguments) {
		return this.codec.encodeParams(arguments);
	}

	@Override
	public RpcResponse read(RpcTransport.Answer answer, RpcRequest request, long id) throws Throwable {
		if (isAccepted(answer)) {
			return new RpcResponse(EncodedResult.NULL, answer.headers());
		}
		return AnswerReader.read(answer, request, this.codec, id);
	}

	/**
	 * Whether an answer says that what nobody waits for was accepted. Servers of others
	 * do so with 200 or 202 too.
	 */
	static boolean isAccepted(RpcTransport.Answer answer) {
		int status = answer.status();
		return (status == 200 || status == 202 || status == 204) && answer.body().length == 0;
	}

	@Override
	public @Nullable Object decode(RpcResponse response) {
		return null;
	}

}
