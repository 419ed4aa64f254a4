package dev.rpcboot.server.servlet;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.call.ItemLoop;
import dev.rpcboot.call.ItemSource;
import dev.rpcboot.server.EventStream;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a stream of events without blocking: on whatever thread a piece comes and, when
 * the connection was full, on the container's that says that it no longer is. The
 * container does one at a time.
 */
final class EventWriter implements WriteListener, AsyncListener, ItemSource.Receiver<byte[]> {

	private static final Logger logger = LoggerFactory.getLogger(EventWriter.class);

	private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

	private final EventStream events;

	private final AsyncContext async;

	private final ServletOutputStream out;

	private final ItemLoop<byte[]> pieces;

	// guarded by this, as is the next: a piece is in the container's buffer alone
	private boolean unflushed;

	// whether a piece was asked for that has not come
	private boolean asked;

	private boolean completed;

	private volatile boolean givenUp;

	private EventWriter(EventStream events, AsyncContext async, ServletOutputStream out) {
		this.events = events;
		this.async = async;
		this.out = out;
		this.pieces = new ItemLoop<>(events, this);
	}

	/**
	 * Begins to write.
	 * @param async a request in asynchronous mode, whose answer has its headers
	 */
	static void start(EventStream events, AsyncContext async) {
		try {
			ServletOutputStream out = async.getResponse().getOutputStream();
			EventWriter writer = new EventWriter(events, async, out);
			events.whenGivenUp(writer::giveUp);
			async.addListener(writer);
			out.setWriteListener(writer);
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("A stream could not be sent: {}", ex.toString());
			events.cancel();
			complete(async);
		}
	}

	@Override
	public void onWritePossible() {
		if (this.givenUp) {
			complete();
		}
		else {
			write(null);
		}
	}

	@Override
	public void item(byte[] piece) {
		write(piece);
	}

	private void write(byte @Nullable [] piece) {
		try {
			if (written(piece)) {
				this.pieces.next();
			}
		}
		catch (IOException ex) {
			failed(ex);
		}
		catch (RuntimeException ex) {
			// filters wrap responses in their own; of this the container knows nothing
			failed(ex);
			complete();
		}
	}

	/**
	 * Hands a piece to the container, and sends on its way what the container has. It is
	 * asked once whether it is ready: when it has said no, it will speak, even if it is
	 * ready by the time it is asked again.
	 * @return whether to ask for the next piece, for which nobody has asked
	 */
	private synchronized boolean written(byte @Nullable [] piece) throws IOException {
		if (this.completed) {
			return false;
		}
		if (piece != null) {
			this.asked = false;
			this.out.write(piece);
			this.unflushed = true;
		}
		boolean ready = this.out.isReady();
		if (ready && this.unflushed) {
			this.unflushed = false;
			this.out.flush();
			ready = this.out.isReady();
		}
		if (!ready || this.asked) {
			return false;
		}
		this.asked = true;
		return true;
	}

	@Override
	public void end() {
		complete();
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * The container mostly knows of it too, and says so on a thread of its own. It is
	 * given time for that; but not every write that fails makes it speak, and there is no
	 * timeout that would.
	 */
	@Override
	public void failed(Throwable failure) {
		logger.debug("A stream could not be sent to its end: {}", failure.toString());
		this.events.cancel();
		LATER.execute(this::complete);
	}

	@Override
	public void onError(Throwable failure) {
		failed(failure);
		complete();
	}

	/**
	 * Leaves the connection to the container, which closes it when its own time for
	 * writing is over. To complete the request would take a thread to wait for that.
	 */
	private void giveUp() {
		logger.debug("A stream was given up: its reader takes nothing");
		this.givenUp = true;
	}

	/**
	 * Gives the request back, once, and not while another thread is still in it, even if
	 * that is on its way out with an exception: the container uses its objects again for
	 * the next request, which would get the exception.
	 */
	private synchronized void complete() {
		if (!this.completed) {
			this.completed = true;
			complete(this.async);
		}
	}

	private static void complete(AsyncContext async) {
		try {
			async.complete();
		}
		catch (IllegalStateException ex) {
			logger.debug("A request had been completed already: {}", ex.toString());
		}
	}

	@Override
	public void onError(AsyncEvent event) {
		this.events.cancel();
		complete();
	}

	@Override
	public void onTimeout(AsyncEvent event) {
		this.events.cancel();
		complete();
	}

	@Override
	public void onComplete(AsyncEvent event) {
		synchronized (this) {
			this.completed = true;
		}
		this.events.cancel();
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
		// nobody starts it again
	}

}
