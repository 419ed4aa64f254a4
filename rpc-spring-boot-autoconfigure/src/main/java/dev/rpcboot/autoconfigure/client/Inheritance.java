package dev.rpcboot.autoconfigure.client;

import org.jspecify.annotations.Nullable;

/**
 * What an absent setting is.
 */
final class Inheritance {

	private Inheritance() {
	}

	static <T> @Nullable T either(@Nullable T own, @Nullable T inherited) {
		return (own != null) ? own : inherited;
	}

}
