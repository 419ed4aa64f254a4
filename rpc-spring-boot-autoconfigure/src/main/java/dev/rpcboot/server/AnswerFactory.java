package dev.rpcboot.server;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.JsonRpcError;
import dev.rpcboot.jsonrpc.JsonRpcWriter;

/**
 * Puts encoded responses into HTTP answers. Safe for concurrent use.
 */
final class AnswerFactory {

	private static final byte[] NO_BODY = {};

	private static final RpcHeaders COMMON = RpcHeaders.EMPTY.with("Content-Type", "application/json")
		.with("Cache-Control", "no-store")
		.with("X-Content-Type-Options", "nosniff");

	private static final RpcHeaders OK = COMMON.with(RpcHeaders.STATUS, RpcStatus.OK);

	private static final RpcHeaders ACCEPTED = COMMON.with(RpcHeaders.STATUS, RpcStatus.ACCEPTED);

	private static final RpcHeaders BATCH = COMMON.with(RpcHeaders.STATUS, RpcStatus.BATCH);

	private static final RpcHeaders STREAM = COMMON.with("Content-Type", "text/event-stream")
		.with(RpcHeaders.STATUS, RpcStatus.STREAM);

	private static final Map<RpcStatus, RpcHeaders> FAILURES = new EnumMap<>(RpcStatus.class);

	static {
		for (RpcStatus status : RpcStatus.values()) {
			FAILURES.put(status, COMMON.with(RpcHeaders.STATUS, status.name()));
		}
	}

	private final HttpStatusMode mode;

	private final int maxCoalesced;

	private final JsonRpcWriter writer;

	/**
	 * Creates one.
	 * @param maxCoalesced how many calls may travel together at most
	 */
	AnswerFactory(HttpStatusMode mode, int maxCoalesced, JsonRpcWriter writer) {
		this.mode = mode;
		this.maxCoalesced = maxCoalesced;
		this.writer = writer;
	}

	HttpAnswer single(CallReply reply) {
		JsonRpcError error = reply.error();
		if (reply.events() != null) {
			return new HttpAnswer(200, STREAM, NO_BODY, reply.events());
		}
		if (reply.body() == null) {
			return new HttpAnswer(204, (error != null) ? headers(error) : OK, NO_BODY);
		}
		return (error != null) ? failure(this.mode.statusOf(error), error, reply.body())
				: new HttpAnswer(200, OK, reply.body());
	}

	HttpAnswer single(CallReply reply, CallSource source) {
		HttpAnswer answer = single(reply);
		return source.isReplay() ? answer.with(RpcHeaders.REPLAYED, "true") : answer;
	}

	/**
	 * The answer, as one that says how many more calls may travel together.
	 */
	HttpAnswer inviting(HttpAnswer answer, int most) {
		int together = Math.min(most, this.maxCoalesced);
		return (together > 1 && answer.status() == 200)
				? answer.with(RpcHeaders.MAX_COALESCED, Integer.toString(together)) : answer;
	}

	/**
	 * Answers a one-way call that is going to run.
	 */
	HttpAnswer accepted() {
		return new HttpAnswer(204, ACCEPTED, NO_BODY);
	}

	/**
	 * Answers a batch with what its entries answered, in order.
	 * @param replies replies that have a body
	 */
	HttpAnswer batch(List<byte[]> replies) {
		return replies.isEmpty() ? new HttpAnswer(204, BATCH, NO_BODY)
				: new HttpAnswer(200, BATCH, this.writer.batch(replies));
	}

	/**
	 * Answers a request that is refused as HTTP, under no id.
	 */
	HttpAnswer refusal(int httpStatus, RpcStatus status) {
		return refusal(httpStatus, JsonRpcError.of(status));
	}

	HttpAnswer refusal(int httpStatus, JsonRpcError error) {
		return failure(httpStatus, error, this.writer.error(null, error));
	}

	private static HttpAnswer failure(int httpStatus, JsonRpcError error, byte[] body) {
		RpcHeaders headers = headers(error);
		Duration retryAfter = error.retryAfter();
		if (retryAfter != null) {
			headers = headers.with("Retry-After", Long.toString(retryAfter.plusMillis(999).toSeconds()));
		}
		if (httpStatus == 401) {
			headers = headers.with("WWW-Authenticate", "Bearer");
		}
		return new HttpAnswer(httpStatus, headers, body);
	}

	private static RpcHeaders headers(JsonRpcError error) {
		return Objects.requireNonNull(FAILURES.get((error.status() != null) ? error.status() : RpcStatus.APPLICATION));
	}

}
