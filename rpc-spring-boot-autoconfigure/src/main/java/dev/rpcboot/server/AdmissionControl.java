package dev.rpcboot.server;

import java.security.Principal;
import java.time.Duration;

import dev.rpcboot.call.Criticality;
import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.server.overload.ConcurrencyLimiter;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests that this instance has no room for, or that come when it is about to
 * stop. A cancellation is never refused: it makes room. Safe for concurrent use.
 */
final class AdmissionControl {

	/** How long nothing must have come for the last to have come. */
	private static final Duration QUIET = Duration.ofSeconds(1);

	/** Who has not called for so long has no connection that is worth waiting for. */
	private static final Duration RECENT = Duration.ofSeconds(10);

	private static final Duration LOOK = Duration.ofMillis(50);

	private final ConcurrencyLimiter limiter;

	private final RequestMemory reading;

	private final AnswerFactory answers;

	private final HttpAnswer overloaded;

	private final NanoClock clock;

	private volatile long lastCame;

	private volatile boolean draining;

	AdmissionControl(ConcurrencyLimiter limiter, RequestMemory reading, AnswerFactory answers, NanoClock clock) {
		this.limiter = limiter;
		this.reading = reading;
		this.answers = answers;
		this.overloaded = answers.refusal(503, CallRunner.OVERLOADED);
		this.clock = clock;
		this.lastCame = clock.now() - RECENT.toNanos();
	}

	/**
	 * Refuses a request by its head, while its body has not been read. What it says of
	 * its criticality is believed so far.
	 * @return {@code null} if it is not refused
	 */
	@Nullable HttpAnswer refusal(RequestHead head) {
		this.lastCame = this.clock.now();
		if (this.draining && !isCancellation(head)) {
			return this.answers.refusal(503, RpcStatus.DRAINING).closing();
		}
		// who sends slowly holds a thread as well
		int reading = this.reading.readers();
		if (this.limiter.isFull(Criticality.SHEDDABLE, reading) && !isCancellation(head)
				&& this.limiter.isFull(head.criticality(true), reading)) {
			this.limiter.refused();
			return overloaded();
		}
		return null;
	}

	/**
	 * Gives a request a place when its body is there: a slow body must not hold one.
	 * @param principal who calls, or {@code null} if that is not known
	 * @return {@code null} if it is refused
	 */
	ConcurrencyLimiter.@Nullable Place enter(RequestHead head, @Nullable Principal principal) {
		if (!this.limiter.isFull(Criticality.SHEDDABLE, 0)) {
			// by far the most common case needs no header
			ConcurrencyLimiter.Place place = this.limiter.enter(Criticality.SHEDDABLE);
			if (place != null) {
				return place;
			}
		}
		if (isCancellation(head)) {
			return this.limiter.enterAnyway();
		}
		ConcurrencyLimiter.Place place = this.limiter.enter(head.criticality(principal != null));
		if (place == null) {
			this.limiter.refused();
		}
		return place;
	}

	/**
	 * Gives one of several calls a place that came in one request, which has a thread.
	 * @param principal who calls, or {@code null} if that is not known
	 * @return {@code null} if it is refused
	 */
	ConcurrencyLimiter.@Nullable Place enterBeside(RequestHead head, @Nullable Principal principal) {
		ConcurrencyLimiter.Place place = this.limiter.enterBeside(head.criticality(principal != null));
		if (place == null) {
			this.limiter.refused();
		}
		return place;
	}

	HttpAnswer overloaded() {
		return this.overloaded;
	}

	/**
	 * Refuses all that comes from now on, and waits until nobody comes any more who has
	 * not heard of it.
	 * @param linger how long to wait at most
	 * @param timer keeps the time
	 * @param done is run then
	 */
	void drain(Duration linger, DeadlineTimer timer, Runnable done) {
		this.draining = true;
		if (this.clock.now() - this.lastCame >= RECENT.toNanos()) {
			done.run();
			return;
		}
		// whoever is under way is quiet, but has a connection
		this.lastCame = this.clock.now();
		look(Deadline.after(linger, this.clock), timer, done);
	}

	void resume() {
		this.draining = false;
	}

	private void look(Deadline deadline, DeadlineTimer timer, Runnable done) {
		boolean quiet = this.limiter.running() == 0 && this.clock.now() - this.lastCame >= QUIET.toNanos();
		if (quiet || deadline.isExpired()) {
			done.run();
		}
		else {
			timer.after(LOOK, () -> look(deadline, timer, done));
		}
	}

	private static boolean isCancellation(RequestHead head) {
		// the header must say what the body does, so that no method gets in by it
		return RunningCalls.isCancellation(head.values(RpcHeaders.METHOD));
	}

}
