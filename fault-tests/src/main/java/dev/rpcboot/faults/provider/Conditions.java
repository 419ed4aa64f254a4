package dev.rpcboot.faults.provider;

/**
 * Under which conditions a provider works.
 *
 * @param delayMillis how long a method takes
 * @param capacity calls that it works at, at a time; the others wait inside the method
 * @param failing whether it fails, after that time
 */
public record Conditions(long delayMillis, int capacity, boolean failing) {

	/** It answers at once. */
	public static final Conditions HEALTHY = new Conditions(0, Integer.MAX_VALUE, false);

	/**
	 * It takes its time.
	 */
	public static Conditions slow(long delayMillis) {
		return new Conditions(delayMillis, Integer.MAX_VALUE, false);
	}

}
