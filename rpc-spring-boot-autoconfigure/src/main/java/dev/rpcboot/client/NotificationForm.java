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
		return this.codec.encodeNotification(arguments);
	}

	@Override
	public byte[] encodeArguments(@Nullable Object[] arguments) {
		return this.codec.encodeParams(arguments);
	}

	@Override
	public RpcResponse read(RpcTransport.Answer answer, RpcRequest request, long id) throws Throwable {
		// servers of others answer notifications with 200 or 202 too
		boolean accepted = answer.status() == 200 || answer.status() == 202 || answer.status() == 204;
		if (accepted && answer.body().length == 0) {
			return new RpcResponse(EncodedResult.NULL, answer.headers());
		}
		return AnswerReader.read(answer, request, this.codec, id);
	}

	@Override
	public @Nullable Object decode(RpcResponse response) {
		return null;
	}

}
