package dev.rpcboot.benchmark.peer;

import dev.rpcboot.benchmark.OrderDesk;

/**
 * One call, with its arguments.
 */
public enum Operation {

	/** {@code greet("world")}. */
	GREET("world"),

	/** {@code save} of the sample. */
	SAVE(""),

	/** {@code list} of {@link OrderDesk#LISTED}. */
	LIST(""),

	/** {@code greetSlowly("world")}: a method that is always slow. */
	GREET_SLOWLY("world"),

	/** {@code greet("sloth")}: a slow call of a method that is usually fast. */
	GREET_A_SLOW_ONE(OrderDesk.SLOW_NAME);

	private final String name;

	Operation(String name) {
		this.name = name;
	}

	/** Who is greeted. */
	public String argument() {
		return this.name;
	}

	/** Whether it is meant to take long. */
	public boolean isSlow() {
		return this == GREET_SLOWLY || this == GREET_A_SLOW_ONE;
	}

}
