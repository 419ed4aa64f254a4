package dev.rpcboot.benchmark.layers;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.RpcTransport;

/**
 * No network: greets whoever calls, under the id of the request.
 */
final class PreparedTransport implements RpcTransport {

	private static final int BEFORE_ID = "{\"jsonrpc\":\"2.0\",\"id\":".length();

	private static final byte[] RESULT = ",\"result\":\"Hello, world\"}".getBytes(StandardCharsets.US_ASCII);

	private static final RpcHeaders HEADERS = RpcHeaders.EMPTY.with("Content-Type", "application/json");

	@Override
	public CompletableFuture<Answer> exchange(Message message, CallContext context) {
		byte[] request = message.body();
		int end = BEFORE_ID;
		while (request[end] != ',') {
			end++;
		}
		byte[] answer = Arrays.copyOf(request, end + RESULT.length);
		System.arraycopy(RESULT, 0, answer, end, RESULT.length);
		return CompletableFuture.completedFuture(new Answer(200, HEADERS, answer));
	}

}
