package dev.rpcboot.server.overload;

import java.time.Duration;

/**
 * A time in which calls are slow, and what tells whether it helps to let in fewer. It
 * belongs to the thread that closes windows.
 */
final class SlowTime {

	/**
	 * Who gives calls up hides how slow they are: for so long nobody can say whether it
	 * helps to let in fewer. A queue is gone by then.
	 */
	private static final long PATIENCE = Duration.ofSeconds(10).toNanos();

	/** If they are still given up after that time, it does not help. */
	private static final long DESPAIR = Duration.ofSeconds(30).toNanos();

	/** In windows in a row, for one may be chance. */
	private static final int HOPELESS = 3;

	// how slow it was at the slowest, and how many calls there were at most
	private double worstSlowness;

	private double worstRunning;

	private int hopeless;

	private long since;

	private long cutShort;

	SlowTime(long now) {
		this.cutShort = now - PATIENCE;
	}

	/**
	 * Begins, or goes on.
	 */
	void sees(Window window, long now) {
		if (this.worstRunning == 0) {
			this.since = now;
		}
		if (window.isCutShort()) {
			this.cutShort = now;
		}
	}

	/**
	 * Judges a window before which the limit was lowered.
	 * @param running how many calls there were at a time
	 * @param least whether there cannot be fewer
	 * @return whether calls are slow for another reason than that there are many
	 */
	boolean isHopeless(double slowness, double running, boolean least, long now) {
		boolean fewer = running < 0.7 * this.worstRunning || least;
		// in a queue, fewer would wait less
		boolean helps = slowness <= this.worstSlowness * (1 + running / this.worstRunning) / 2;
		boolean known = now - this.cutShort >= PATIENCE || now - this.since >= DESPAIR;
		this.hopeless = (known && fewer && !helps) ? this.hopeless + 1 : 0;
		return this.hopeless >= HOPELESS;
	}

	void remember(double slowness, double running) {
		this.worstSlowness = Math.max(slowness, this.worstSlowness);
		this.worstRunning = Math.max(running, this.worstRunning);
	}

	void end() {
		this.worstSlowness = 0;
		this.worstRunning = 0;
		this.hopeless = 0;
	}

}
