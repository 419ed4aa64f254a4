package dev.rpcboot.client.balance;

import java.util.List;
import java.util.Map;

import dev.rpcboot.client.RpcInstance;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.client.ServiceInstance;

/**
 * An instance of a target, with what is known of it. Safe for concurrent use.
 */
final class Member {

	/** Metadata by which Spring Cloud knows zones too. */
	private static final String ZONE_METADATA = "zone";

	private final Key key;

	private final ServiceInstance registered;

	private final Load load;

	private final Health health;

	private final long hash;

	/** Making an address costs more than choosing the instance. */
	private volatile @Nullable Located located;

	/**
	 * One that was not known before.
	 */
	Member(ServiceInstance registered, long now) {
		this(Key.of(registered), registered, new Load(now), new Health());
	}

	private Member(Key key, ServiceInstance registered, Load load, Health health) {
		this.key = key;
		this.registered = registered;
		this.load = load;
		this.health = health;
		this.hash = Rendezvous.hash(key.toString());
	}

	/**
	 * The same, of which the registry may say something else now.
	 */
	Member registeredAs(ServiceInstance changed) {
		return (changed == this.registered) ? this : new Member(this.key, changed, this.load, this.health);
	}

	Key key() {
		return this.key;
	}

	/**
	 * What the registry says of it.
	 */
	ServiceInstance registered() {
		return this.registered;
	}

	/**
	 * How slow and busy it is.
	 */
	Load load() {
		return this.load;
	}

	/**
	 * Whether it may be called.
	 */
	Health health() {
		return this.health;
	}

	/**
	 * Tells it from the others, the same in every process.
	 */
	long hash() {
		return this.hash;
	}

	boolean isFit() {
		return this.health.state() == Health.State.IN;
	}

	boolean isIn(@Nullable String zone) {
		Map<String, String> metadata = this.registered.getMetadata();
		return zone != null && metadata != null && zone.equalsIgnoreCase(metadata.get(ZONE_METADATA));
	}

	/**
	 * Where it serves contracts.
	 * @param path where it does not publish another
	 */
	RpcInstance at(String path) {
		Located last = this.located;
		if (last == null || !last.path().equals(path)) {
			last = new Located(path, InstanceAddresses.of(this.registered, path));
			this.located = last;
		}
		return last.instance();
	}

	/**
	 * Whether it is none of these.
	 */
	boolean isOther(List<RpcInstance> tried, String path) {
		return !tried.contains(at(path));
	}

	@Override
	public String toString() {
		return this.key + " " + this.health.state();
	}

	private record Located(String path, RpcInstance instance) {
	}

	/**
	 * Tells instances apart. Those of some registries are equal by their id alone, and
	 * not every registry gives its instances an id.
	 */
	record Key(@Nullable String id, String host, int port, boolean secure) {

		static Key of(ServiceInstance registered) {
			return new Key(registered.getInstanceId(), registered.getHost(), registered.getPort(),
					registered.isSecure());
		}

	}

}
