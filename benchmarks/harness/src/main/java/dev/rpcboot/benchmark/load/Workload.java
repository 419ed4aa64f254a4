package dev.rpcboot.benchmark.load;

import java.util.Locale;

import dev.rpcboot.benchmark.peer.Operation;

/**
 * Which calls a caller makes.
 */
public enum Workload {

	/** A short text in and out. */
	GREET(Operation.GREET, Operation.GREET),

	/** A record of 1 KB in and out. */
	SAVE(Operation.SAVE, Operation.SAVE),

	/** A list of 100 KB out. */
	LIST(Operation.LIST, Operation.LIST),

	/** Of 100 calls one goes to a method that takes 10 ms. */
	MIX(Operation.GREET, Operation.GREET_SLOWLY),

	/** Of 100 calls of one method one takes 10 ms, and nothing tells which. */
	BLIND_MIX(Operation.GREET, Operation.GREET_A_SLOW_ONE);

	private static final int OF = 100;

	private final Operation usual;

	private final Operation rare;

	Workload(Operation usual, Operation rare) {
		this.usual = usual;
		this.rare = rare;
	}

	/** What a caller does in its nth call. */
	public Operation operation(int n) {
		return (n % OF == OF - 1) ? this.rare : this.usual;
	}

	/** Whether some calls take long, whose latencies are no matter of the client. */
	public boolean isMixed() {
		return this.usual != this.rare;
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	static Workload of(String text) {
		return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
	}

}
