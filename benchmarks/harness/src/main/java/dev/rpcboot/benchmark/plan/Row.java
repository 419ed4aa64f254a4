package dev.rpcboot.benchmark.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.rpcboot.benchmark.load.Mode;

/**
 * One row of the tables: a peer, or a variant of it that differs in properties.
 *
 * @param name what {@code --only} and the files with figures call it
 * @param title what the tables call it
 * @param client its client
 * @param server its server
 * @param modes how it can be called
 */
public record Row(String name, String title, Side client, Side server, Set<Mode> modes) {

	/** Another row, of the same classes with further properties on both sides. */
	Row variant(String name, String title, String... properties) {
		return new Row(name, title, this.client.with(properties), this.server.with(properties), this.modes);
	}

	/** The same, called in some of these ways only. */
	Row in(Set<Mode> modes) {
		return new Row(this.name, this.title, this.client, this.server, modes);
	}

	/**
	 * A process.
	 *
	 * @param module the module of these benchmarks whose class path it has
	 * @param type the class, below {@code dev.rpcboot.benchmark}
	 * @param properties its system properties, {@code name=value}
	 */
	public record Side(String module, String type, List<String> properties) {

		Side with(String... more) {
			List<String> all = new ArrayList<>(this.properties);
			all.addAll(List.of(more));
			return new Side(this.module, this.type, List.copyOf(all));
		}

		/** The whole name of the class. */
		public String className() {
			return "dev.rpcboot.benchmark." + this.type;
		}

	}

}
