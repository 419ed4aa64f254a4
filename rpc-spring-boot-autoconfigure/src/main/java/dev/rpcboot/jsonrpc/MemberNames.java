package dev.rpcboot.jsonrpc;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The names of the members seen so far in the objects that are open, one within the
 * other. Most objects have few members, for which nothing is made. Not safe for
 * concurrent use.
 */
final class MemberNames {

	/** More than that are looked up rather than compared. */
	private static final int FEW = 16;

	private String[] names = new String[FEW / 2];

	private int size;

	private int[] starts = new int[4];

	/** Those of objects with many, by depth; {@code null} while there is none. */
	private @Nullable Map<Integer, Set<String>> many;

	private int depth;

	/**
	 * Enters an object.
	 */
	void open() {
		if (this.depth == this.starts.length) {
			this.starts = Arrays.copyOf(this.starts, 2 * this.depth);
		}
		this.starts[this.depth++] = this.size;
	}

	/**
	 * Leaves the object that was entered last.
	 */
	void close() {
		this.size = this.starts[--this.depth];
		if (this.many != null) {
			this.many.remove(this.depth);
		}
	}

	/**
	 * Notes a member of the object that was entered last.
	 * @return whether it had none of that name
	 */
	boolean add(String name) {
		Set<String> many = (this.many != null) ? this.many.get(this.depth - 1) : null;
		if (many != null) {
			return many.add(name);
		}
		int start = this.starts[this.depth - 1];
		for (int i = start; i < this.size; i++) {
			if (this.names[i].equals(name)) {
				return false;
			}
		}
		if (this.size - start == FEW) {
			lookUp(start).add(name);
			return true;
		}
		if (this.size == this.names.length) {
			this.names = Arrays.copyOf(this.names, 2 * this.size);
		}
		this.names[this.size++] = name;
		return true;
	}

	private Set<String> lookUp(int start) {
		Set<String> names = new HashSet<>(Arrays.asList(this.names).subList(start, this.size));
		if (this.many == null) {
			this.many = new HashMap<>();
		}
		this.many.put(this.depth - 1, names);
		this.size = start;
		return names;
	}

}
