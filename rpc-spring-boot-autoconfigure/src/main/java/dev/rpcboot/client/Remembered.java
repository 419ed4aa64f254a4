package dev.rpcboot.client;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What was prepared once and is used again, but no more than so much of it: the names in
 * the keys may come from outside. Safe for concurrent use.
 *
 * @param <K> what tells things apart
 * @param <V> what is prepared
 */
final class Remembered<K, V> {

	static final int MAX_ENTRIES = 256;

	private final Map<K, V> values = new ConcurrentHashMap<>();

	V get(K key, Function<? super K, ? extends V> prepare) {
		V value = this.values.get(key);
		if (value == null) {
			value = prepare.apply(key);
			if (this.values.size() >= MAX_ENTRIES) {
				this.values.clear();
			}
			this.values.put(key, value);
		}
		return value;
	}

	int size() {
		return this.values.size();
	}

}
