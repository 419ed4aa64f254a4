package dev.rpcboot.faults.consumer;

import java.util.List;
import java.util.Map;

/**
 * What the consumer's registry answers from now on.
 *
 * @param mode how it answers
 * @param ports ports of the instances of each target; a target that is not named has
 * those of {@code *}
 */
public record Registry(Mode mode, Map<String, List<Integer>> ports) {

	public Registry {
		ports = Map.copyOf(ports);
	}

	/**
	 * A registry that knows these instances, of any target.
	 */
	public static Registry of(List<Integer> ports) {
		return new Registry(Mode.LISTS, Map.of("*", ports));
	}

	/**
	 * The same instances, answered otherwise.
	 */
	public Registry as(Mode mode) {
		return new Registry(mode, this.ports);
	}

	List<Integer> ports(String target) {
		return this.ports.getOrDefault(target, this.ports.getOrDefault("*", List.of()));
	}

	/**
	 * How it answers.
	 */
	public enum Mode {

		/** With its list; a stale one, or a wrong port, is a list too. */
		LISTS,

		/** By an exception. */
		THROWS,

		/** With no instance. */
		EMPTY,

		/** With its list and without it, by turns. */
		FLAPS,

		/** Not. */
		HANGS

	}

}
