package dev.rpcboot.call;

import org.jspecify.annotations.Nullable;

/**
 * The call that the current thread is serving, by which a call made meanwhile inherits
 * the time left. The server opens it around the method; whatever moves work to another
 * thread carries it along by Micrometer's context propagation.
 *
 * @param deadline when the caller stops waiting
 * @since 0.1
 */
public record InboundCall(Deadline deadline) {

	private static final ThreadLocal<@Nullable InboundCall> CURRENT = new ThreadLocal<>();

	/**
	 * The call that this thread serves, or {@code null} if it serves none.
	 */
	public static @Nullable InboundCall current() {
		return CURRENT.get();
	}

	/**
	 * Makes the given call the current one of this thread, or none if {@code null}.
	 * @return the previous one, to be set again afterwards
	 */
	public static @Nullable InboundCall set(@Nullable InboundCall call) {
		InboundCall previous = CURRENT.get();
		if (call == null) {
			CURRENT.remove();
		}
		else {
			CURRENT.set(call);
		}
		return previous;
	}

}
