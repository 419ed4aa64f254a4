package dev.rpcboot.call;

/**
 * Source of elapsed time, in nanoseconds from an arbitrary origin. Safe for concurrent
 * use.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface NanoClock {

	/**
	 * The clock of the machine.
	 */
	NanoClock SYSTEM = System::nanoTime;

	/**
	 * Nanoseconds since the origin.
	 */
	long now();

}
