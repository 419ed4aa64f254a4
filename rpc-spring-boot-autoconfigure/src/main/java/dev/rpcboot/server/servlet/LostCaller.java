package dev.rpcboot.server.servlet;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/**
 * Ends a request whose answer cannot be sent, because the caller has left. Without it the
 * container would send the application's error page after the answer, and log that it
 * cannot.
 */
final class LostCaller implements AsyncListener {

	@Override
	public void onError(AsyncEvent event) {
		event.getAsyncContext().complete();
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
