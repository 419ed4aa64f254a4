package dev.rpcboot.client.transport;

import java.time.Duration;
import java.util.concurrent.CancellationException;

import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.RpcTransport.Message;
import dev.rpcboot.client.RpcTransport.Settings;
import org.apache.hc.core5.util.Timeout;

/**
 * One sending of one message, and how far it has come. It ends when its call does: each
 * step says how it is ended, and the last one gives the connection back only if that did
 * not happen, so that nobody closes a connection that serves another call by then.
 */
final class Attempt {

	private static final Runnable NOTHING = () -> {
	};

	private final Message message;

	private final Destination destination;

	private final CallContext context;

	private Step step = Step.LEASE;

	private Runnable end = NOTHING;

	private boolean ended;

	private boolean finished;

	Attempt(Message message, Destination destination, CallContext context) {
		this.message = message;
		this.destination = destination;
		this.context = context;
	}

	Message message() {
		return this.message;
	}

	Settings settings() {
		return this.message.settings();
	}

	Destination destination() {
		return this.destination;
	}

	CallContext context() {
		return this.context;
	}

	synchronized Step step() {
		return this.step;
	}

	/**
	 * Begins, if somebody still waits for the answer.
	 * @throws CancellationException if not
	 */
	void begin() {
		if (this.context.isDone()) {
			throw new CancellationException("The call is over");
		}
		this.context.onEnd(this::end);
	}

	/**
	 * Enters a step.
	 * @param end ends it from another thread; must not block
	 * @throws CancellationException if the call has ended
	 */
	synchronized void enter(Step step, Runnable end) {
		check();
		this.step = step;
		this.end = end;
	}

	/**
	 * Stands within a step.
	 * @throws CancellationException if the call has ended
	 */
	synchronized void check() {
		if (this.ended) {
			throw new CancellationException("The call has ended");
		}
	}

	/**
	 * Says how a step is ended that may be over already.
	 */
	synchronized void endBy(Step step, Runnable end) {
		if (this.ended) {
			end.run();
		}
		else if (this.step == step) {
			this.end = end;
		}
	}

	private synchronized void end() {
		if (!this.finished && !this.ended) {
			this.ended = true;
			this.end.run();
		}
	}

	/**
	 * Leaves the last step.
	 * @return whether the attempt was not ended from outside, and will not be any more
	 */
	boolean finish() {
		this.context.onEnd(null);
		synchronized (this) {
			this.finished = true;
			return !this.ended;
		}
	}

	/**
	 * Time left for the call.
	 */
	Timeout remaining() {
		return roundedUp(this.context.remaining());
	}

	/**
	 * Time left for a connection to be made.
	 */
	Timeout connectTimeout() {
		Duration limit = settings().connectTimeout();
		Duration remaining = this.context.remaining();
		return roundedUp((limit.compareTo(remaining) <= 0) ? limit : remaining);
	}

	// up: whoever gives up before the deadline has not waited for it
	private static Timeout roundedUp(Duration duration) {
		return Timeout.ofMilliseconds(duration.plusNanos(999_999).toMillis());
	}

	/**
	 * What an attempt is doing.
	 */
	enum Step {

		/** Waits for a connection of the pool. */
		LEASE,

		/** Asks for the addresses of the host. */
		RESOLVE,

		/** Opens a connection, TLS included. */
		CONNECT,

		/** May have sent something, and waits for the answer. */
		EXCHANGE

	}

}
