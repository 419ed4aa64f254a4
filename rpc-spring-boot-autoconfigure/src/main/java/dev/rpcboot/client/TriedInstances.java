package dev.rpcboot.client;

import java.util.AbstractList;
import java.util.Arrays;

/**
 * The instances at which attempts of a call were made, in order. Nobody who is shown them
 * can change them. Safe for concurrent use; most calls have one.
 */
final class TriedInstances extends AbstractList<RpcInstance> {

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
