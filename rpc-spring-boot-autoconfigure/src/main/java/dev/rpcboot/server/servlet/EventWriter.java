package dev.rpcboot.server.servlet;

import java.io.IOException;

import dev.rpcboot.call.ItemLoop;
import dev.rpcboot.call.ItemSource;
import dev.rpcboot.server.EventStream;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a stream of events without blocking: on whatever thread a piece comes and, when
 * the connection was full, on the container's that says that it no longer is. The
 * container does one at a time.
 */
final class EventWriter implements WriteListener, AsyncListener, ItemSource.Receiver<byte[]> {

	private static final Logger logger = LoggerFactory.getLogger(EventWriter.class);

	private final EventStream events;

	private final AsyncContext async;

	private final ServletOutputStream out;

	private final ItemLoop<byte[]> pieces;

	// of a piece that is in the container's buffer, not yet on its way
	private boolean unflushed;

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
		try {
			if (this.givenUp) {
				complete(this.async);
			}
			else if (flushed()) {
				this.pieces.next();
			}
		}
		catch (IOException ex) {
			onError(ex);
		}
	}

	@Override
	public void item(byte[] piece) {
		try {
			this.out.write(piece);
			this.unflushed = true;
			if (flushed()) {
				this.pieces.next();
			}
		}
		catch (IOException | IllegalStateException ex) {
			onError(ex);
		}
	}

	/**
	 * Sends on its way what the container has.
	 * @return whether more can be written; if not, the container will say when
	 */
	private boolean flushed() throws IOException {
		if (!this.out.isReady()) {
			return false;
		}
		if (this.unflushed) {
			this.unflushed = false;
			this.out.flush();
			return this.out.isReady();
		}
		return true;
	}

	@Override
	public void end() {
		complete(this.async);
	}

	@Override
	public void failed(Throwable failure) {
		onError(failure);
	}

	@Override
	public void onError(Throwable failure) {
		logger.debug("A stream could not be sent to its end: {}", failure.toString());
		this.events.cancel();
		complete(this.async);
	}

	/**
	 * Leaves the connection to the container, which closes it when its own time for
	 * writing is over. To complete the request would take a thread to wait for that.
	 */
	private void giveUp() {
		logger.debug("A stream was given up: its reader takes nothing");
		this.givenUp = true;
	}

	private static void complete(AsyncContext async) {
		try {
			async.complete();
		}
		catch (IllegalStateException ex) {
			logger.trace("A request had been completed already", ex);
		}
	}

	@Override
	public void onError(AsyncEvent event) {
		this.events.cancel();
		complete(this.async);
	}

	@Override
	public void onTimeout(AsyncEvent event) {
		this.events.cancel();
		complete(this.async);
	}

	@Override
	public void onComplete(AsyncEvent event) {
		this.events.cancel();
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
		// nobody starts it again
	}

}
