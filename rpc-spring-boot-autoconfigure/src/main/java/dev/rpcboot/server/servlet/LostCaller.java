package dev.rpcboot.server.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a request whose answer cannot be sent, because the caller has left. Without it the
 * container would send the application's error page after the answer, and log that it
 * cannot.
 */
final class LostCaller implements AsyncListener {

	private static final Logger logger = LoggerFactory.getLogger(LostCaller.class);

	/**
	 * Ends a request, once: whoever sends the answer and the container, which sees that
	 * it cannot be sent, may both want to, on two threads.
	 */
	static void end(AsyncContext async) {
		try {
			async.complete();
		}
		catch (IllegalStateException ex) {
			logger.debug("A caller left before it was answered: {}", ex.getMessage());
		}
	}

	@Override
	public void onError(AsyncEvent event) {
		end(event.getAsyncContext());
	}

	@Override
	public void onTimeout(AsyncEvent event) {
		// there is none: every call has a deadline of its own
	}

	@Override
	public void onComplete(AsyncEvent event) {
		// as it should be
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
		// nobody starts it again
	}

}
