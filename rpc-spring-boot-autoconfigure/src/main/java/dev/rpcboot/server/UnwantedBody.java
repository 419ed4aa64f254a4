package dev.rpcboot.server;

import java.time.Duration;
import java.util.List;

/**
 * When to read away the body of a request that is refused: closing a connection on unread
 * bytes resets it, and the answer is lost. A small body is worth that; its connection can
 * be used again.
 *
 * @since 0.1
 */
public final class UnwantedBody {

	/** The most bytes that are read away. */
	public static final long MAX_SIZE = 64 * 1024;

	/**
	 * The most bytes that are read away after an answer that closes the connection, so
	 * that a caller who is still sending can read it.
	 */
	public static final long MAX_SIZE_BEHIND_ANSWER = 2 * 1024 * 1024;

	/** The longest that is waited for them. */
	public static final Duration MAX_TIME = Duration.ofSeconds(1);

	private UnwantedBody() {
	}

	/**
	 * Whether to read it away at all, as far as the head tells.
	 */
	public static boolean isWorthReading(RequestHead head) {
		// such a caller sends no body before it is asked to, which reading would do
		if (!head.values("Expect").isEmpty()) {
			return false;
		}
		List<String> lengths = head.values("Content-Length");
		return lengths.isEmpty() || lengths.get(0).matches("[0-9]{1,9}") && Long.parseLong(lengths.get(0)) <= MAX_SIZE;
	}

}
