package dev.rpcboot.client.balance;

import java.util.List;

import dev.rpcboot.client.Resilience.Balancing;
import dev.rpcboot.client.RpcInstance;
import org.jspecify.annotations.Nullable;

/**
 * What kind of instance an attempt is to be made at.
 *
 * @param settings how it is chosen
 * @param tried those to avoid
 * @param path path of instances that do not publish another
 * @param mustDiffer whether only another than those will do
 * @param repeatable whether the call could be repeated if it failed
 * @param key what decides instead of the load, or {@code null}
 */
record Wish(Balancing settings, List<RpcInstance> tried, String path, boolean mustDiffer, boolean repeatable,
		@Nullable Long key) {

	/**
	 * Whether the call may find out if an instance is fit again: only one that was not
	 * tried elsewhere, for it can still be repeated.
	 */
	boolean mayProbe() {
		return this.tried.isEmpty() && !this.mustDiffer;
	}

}
