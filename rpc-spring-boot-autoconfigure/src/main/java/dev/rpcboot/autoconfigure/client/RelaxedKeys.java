package dev.rpcboot.autoconfigure.client;

import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Finds names of the application in maps of properties, where an environment variable can
 * write them in lower case and without punctuation only.
 */
final class RelaxedKeys {

	private RelaxedKeys() {
	}

	/**
	 * The value of the key that is the name, else of one that differs in case and
	 * punctuation alone, else {@code null}.
	 */
	static <T> @Nullable T find(Map<String, T> map, String name) {
		T exact = map.get(name);
		if (exact != null) {
			return exact;
		}
		for (Map.Entry<String, T> entry : map.entrySet()) {
			if (same(entry.getKey(), name)) {
				return entry.getValue();
			}
		}
		return null;
	}

	static boolean same(String key, String name) {
		return uniform(key).equals(uniform(name));
	}

	/**
	 * The name as it is written into a property's name.
	 */
	static String written(String name) {
		return name.matches("[A-Za-z0-9-]+") ? name : "[" + name + "]";
	}

	private static String uniform(String name) {
		// a parenthesis is kept: what stands for a batch is not a method of that name
		return name.replaceAll("[^A-Za-z0-9(]", "").toLowerCase(Locale.ROOT);
	}

}
