package dev.rpcboot.server.servlet;

import java.util.concurrent.CompletableFuture;

import jakarta.servlet.ServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * What happens when the filters around the servlet have returned, where the container has
 * a way to tell. Some filters, Spring Security's among them, write headers on their way
 * out: an answer that another thread sends meanwhile is broken by that, or breaks them.
 */
final class FilterChainEnd {

	private static final String RETURNED = FilterChainEnd.class.getName() + ".RETURNED";

	private static final String GIVEN_UP = FilterChainEnd.class.getName() + ".GIVEN_UP";

	private FilterChainEnd() {
	}

	/**
	 * Says, before the filters, that {@link #tell} will be called after them.
	 */
	static void expect(ServletRequest request) {
		request.setAttribute(RETURNED, true);
	}

	/**
	 * Says that the filters have returned.
	 */
	static void tell(ServletRequest request) {
		if (request.getAttribute(RETURNED) instanceof CompletableFuture<?> returned) {
			returned.complete(null);
		}
	}

	/**
	 * Completes when the filters have returned; at once where nobody tells.
	 */
	static CompletableFuture<@Nullable Void> await(ServletRequest request) {
		CompletableFuture<@Nullable Void> returned = new CompletableFuture<>();
		if (request.getAttribute(RETURNED) == null) {
			returned.complete(null);
		}
		else {
			request.setAttribute(RETURNED, returned);
		}
		return returned;
	}

	/**
	 * Asks for the connection to be closed then, with what is unread.
	 */
	static void giveUp(ServletRequest request) {
		request.setAttribute(GIVEN_UP, true);
	}

	/**
	 * Whether that was asked for.
	 */
	static boolean isGivenUp(ServletRequest request) {
		return request.getAttribute(GIVEN_UP) != null;
	}

}
