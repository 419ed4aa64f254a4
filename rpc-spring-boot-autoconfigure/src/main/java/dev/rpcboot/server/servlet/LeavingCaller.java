package dev.rpcboot.server.servlet;

import java.util.concurrent.Future;

import dev.rpcboot.server.EventStream;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels a call whose caller has left, where the container notices: on HTTP/2, and on
 * HTTP/1.1 only when something is written.
 */
final class LeavingCaller implements AsyncListener {

	private static final Logger logger = LoggerFactory.getLogger(LeavingCaller.class);

	private final Future<?> answer;

	private boolean completed;

	LeavingCaller(Future<?> answer) {
		this.answer = answer;
	}

	/**
	 * Answers and completes the request, unless the container has completed it: then its
	 * objects may already serve another one, and must not be touched.
	 */
	synchronized void ifPresent(AsyncContext async, Runnable send) {
		if (!this.completed) {
			try {
				send.run();
			}
			finally {
				complete(async);
			}
		}
	}

	/**
	 * Begins to answer with a stream, which completes the request from then on.
	 */
	synchronized void handOver(AsyncContext async, EventStream events, Runnable begin) {
		if (this.completed) {
			events.cancel();
			return;
		}
		try {
			begin.run();
			this.completed = true;
		}
		catch (Throwable ex) {
			// filters wrap responses in their own, which may fail at anything
			logger.debug("A stream could not be begun", ex);
			events.cancel();
			complete(async);
		}
	}

	/**
	 * Completes the request, answered or not: else the container would send the
	 * application's error page, and log that it cannot.
	 */
	@Override
	public void onError(AsyncEvent event) {
		this.answer.cancel(false);
		synchronized (this) {
			if (!this.completed) {
				complete(event.getAsyncContext());
			}
		}
	}

	private void complete(AsyncContext async) {
		this.completed = true;
		try {
			async.complete();
		}
		catch (IllegalStateException ex) {
			logger.trace("A request had been completed already", ex);
		}
	}

	@Override
	public void onTimeout(AsyncEvent event) {
		// there is none: every call has a deadline
	}

	@Override
	public synchronized void onComplete(AsyncEvent event) {
		this.completed = true;
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
		// nobody starts it again
	}

}
