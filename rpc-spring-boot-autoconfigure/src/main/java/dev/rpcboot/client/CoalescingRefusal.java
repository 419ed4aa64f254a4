package dev.rpcboot.client;

import java.util.EnumSet;
import java.util.Set;

import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.client.RpcTransport.Answer;

/**
 * What an answer to calls that came together says of their coming together.
 */
final class CoalescingRefusal {

	/** That of a request as a whole: nothing of it was executed. */
	private static final Set<RpcStatus> OF_REQUESTS = EnumSet.of(RpcStatus.PARSE_ERROR, RpcStatus.INVALID_REQUEST,
			RpcStatus.PAYLOAD_TOO_LARGE, RpcStatus.PERMISSION_DENIED, RpcStatus.SERVICE_NOT_FOUND);

	/** By which whoever stands before the server says that nothing reached it. */
	private static final Set<Integer> OF_OTHERS = Set.of(401, 403, 404, 413);

	private CoalescingRefusal() {
	}

	/**
	 * Whether the calls were refused for it, or may have been, before any of them ran.
	 */
	static boolean isCertain(Answer answer) {
		String named = answer.headers().first(RpcHeaders.STATUS);
		if (named == null) {
			return OF_OTHERS.contains(answer.status());
		}
		RpcStatus status = RpcStatus.named(named);
		return status != null && OF_REQUESTS.contains(status);
	}

	/**
	 * Whether more such calls would fare no better: the server, or whoever stands before
	 * it, spoke of requests, and not of its load.
	 */
	static boolean isLasting(Answer answer) {
		if (answer.status() == 401) {
			// that is about one caller
			return false;
		}
		return isCertain(answer) || (answer.headers().first(RpcHeaders.STATUS) == null && answer.status() >= 300
				&& answer.status() != 429 && answer.status() < 502) || answer.status() == 505;
	}

}
