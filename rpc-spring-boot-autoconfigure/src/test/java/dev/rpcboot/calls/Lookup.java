package dev.rpcboot.calls;

/**
 * A generic contract to inherit from.
 */
public interface Lookup<T, K> {

	T find(K key);

}
