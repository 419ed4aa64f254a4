package dev.rpcboot.server.servlet;

import java.util.concurrent.Future;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/**
 * Cancels a call whose caller has left, where the container notices: on HTTP/2, and on
 * HTTP/1.1 only when something is written.
 */
final class LeavingCaller implements AsyncListener {

	private final Future<?> answer;

	LeavingCaller(Future<?> answer) {
		this.answer = answer;
	}

	@Override
	public void onError(AsyncEvent event) {
		// what has been answered, and cannot be sent, completes the request itself
		if (this.answer.cancel(false)) {
			event.getAsyncContext().complete();
		}
	}

	@Override
	public void onTimeout(AsyncEvent event) {
		// there is none: every call has a deadline
	}

	@Override
	public void onComplete(AsyncEvent event) {
		// the answer is there
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
		// nobody starts it again
	}

}
