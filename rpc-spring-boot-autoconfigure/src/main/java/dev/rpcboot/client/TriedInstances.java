package dev.rpcboot.client;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.RandomAccess;

/**
 * The instances at which attempts of a call were made, in order. Nobody who is shown them
 * can change them, but there may be more of them at any time: they are looked at one by
 * one, so that a stream of them does not rely on their number. Safe for concurrent use.
 */
final class TriedInstances extends AbstractList<RpcInstance> implements RandomAccess {

	private static final RpcInstance[] NONE = {};

	private volatile RpcInstance[] instances = NONE;

	synchronized void note(RpcInstance instance) {
		int before = this.instances.length;
		RpcInstance[] changed = Arrays.copyOf(this.instances, before + 1);
		changed[before] = instance;
		this.instances = changed;
	}

	@Override
	public RpcInstance get(int index) {
		return this.instances[index];
	}

	@Override
	public int size() {
		return this.instances.length;
	}

}
