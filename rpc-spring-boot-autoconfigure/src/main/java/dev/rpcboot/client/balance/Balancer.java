package dev.rpcboot.client.balance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.rpcboot.call.NanoClock;
import dev.rpcboot.client.Resilience.Ejection;
import dev.rpcboot.client.RpcInstance;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.client.ServiceInstance;

/**
 * What is known of the instances of one target, and the choice among them. Shared by all
 * that call the target. Safe for concurrent use; choosing takes no lock.
 */
final class Balancer {

	/** How slow a failure looks at least, as a multiple of a usual answer. */
	private static final int PENALTY = 5;

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	/** For how long one is remembered that the registry does not list any more. */
	private static final long REMEMBERED = Duration.ofMinutes(1).toNanos();

	private final NanoClock clock;

	private final LeastLoaded leastLoaded;

	private final Supplier<@Nullable String> zone;

	private final Map<Member.Key, Member> known = new ConcurrentHashMap<>();

	private final Map<Member.Key, Long> departed = new HashMap<>();

	private List<Member> members = List.of();

	private int maxEjected = 50;

	private volatile Rotation rotation = Rotation.EMPTY;

	private volatile double usual;

	private volatile long lastSuccess;

	private volatile long lastFailure;

	/**
	 * Creates one without instances.
	 * @param random gives a number from 0 to below the argument
	 * @param zone gives the zone of this application, or {@code null}
	 */
	Balancer(NanoClock clock, IntUnaryOperator random, Supplier<@Nullable String> zone) {
		this.clock = clock;
		this.leastLoaded = new LeastLoaded(random);
		this.zone = zone;
		this.lastSuccess = clock.now();
		this.lastFailure = this.lastSuccess;
	}

	/**
	 * Chooses among all instances.
	 * @return {@code null} if there is none
	 */
	@Nullable Pick pick(Wish wish) {
		return pick(this.rotation, wish);
	}

	/**
	 * Chooses among some instances.
	 * @return {@code null} if there is none
	 */
	@Nullable Pick pick(Rotation rotation, Wish wish) {
		long now = now();
		if (wish.mayProbe()) {
			for (Member member : rotation.out()) {
				if (member.health().takeProbe(wish.repeatable(), wish.settings().ejection(), now)) {
					return new Pick(this, member, wish.settings(), true);
				}
			}
		}
		Member[] candidates = rotation.avoiding(wish.tried(), wish.path(), wish.mustDiffer());
		if (candidates.length == 0) {
			return null;
		}
		Long key = wish.key();
		Member chosen = (key != null) ? Rendezvous.choose(candidates, key)
				: this.leastLoaded.choose(candidates, wish.settings().warmUp(), now);
		return new Pick(this, chosen, wish.settings(), false);
	}

	/**
	 * Takes over what the registry knows now.
	 */
	synchronized void update(List<ServiceInstance> listed) {
		long now = now();
		List<Member> current = members(listed);
		for (Member member : current) {
			if (this.departed.remove(member.key()) != null) {
				// most likely it was started anew
				member.health().relisted();
				member.load().warmUp(now);
			}
		}
		Set<Member.Key> keys = current.stream().map(Member::key).collect(Collectors.toSet());
		for (Member member : this.members) {
			if (!keys.contains(member.key())) {
				this.departed.put(member.key(), now);
			}
		}
		this.members = current;
		forget(now);
		rearrange();
	}

	/**
	 * The rotation of those that serve one call, where others serve another.
	 */
	synchronized Rotation rotation(List<ServiceInstance> listed) {
		long now = now();
		List<Member> some = members(listed);
		// the next call may be served by them again, or by none of them ever
		some.forEach((member) -> this.departed.put(member.key(), now));
		forget(now);
		return Rotation.of(some, this.zone.get(), this.maxEjected);
	}

	private List<Member> members(List<ServiceInstance> listed) {
		boolean first = this.known.isEmpty();
		List<Member> members = new ArrayList<>(listed.size());
		for (ServiceInstance registered : listed) {
			members.add(member(registered, first));
		}
		return members;
	}

	private Member member(ServiceInstance registered, boolean first) {
		Member member = this.known.get(Member.Key.of(registered));
		if (member == null) {
			member = new Member(registered, now());
			if (!first) {
				member.load().warmUp(now());
			}
		}
		else {
			member = member.registeredAs(registered);
		}
		this.known.put(member.key(), member);
		return member;
	}

	private void forget(long now) {
		this.departed.entrySet().removeIf((entry) -> {
			boolean forgotten = now - entry.getValue() > REMEMBERED;
			if (forgotten) {
				this.known.remove(entry.getKey());
			}
			return forgotten;
		});
	}

	/**
	 * What is known of an instance, or {@code null}.
	 */
	@Nullable Member member(ServiceInstance registered) {
		return this.known.get(Member.Key.of(registered));
	}

	/**
	 * The health of a member has changed.
	 */
	synchronized void rearrange(@Nullable Ejection ejection) {
		if (ejection != null) {
			this.maxEjected = ejection.maxPercentage();
		}
		rearrange();
	}

	private void rearrange() {
		this.rotation = Rotation.of(this.members, this.zone.get(), this.maxEjected);
	}

	boolean isEmpty() {
		return this.rotation.isEmpty();
	}

	/**
	 * Whether there is one beside these of which nothing says that it would not take a
	 * call.
	 * @param path path of instances that do not publish another
	 */
	boolean hasOther(List<RpcInstance> tried, String path) {
		for (Member member : this.rotation.all()) {
			if (member.health().isWell() && member.isOther(tried, path)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Whether one of the instances is not fit to be called.
	 */
	boolean hasUnfit() {
		for (Member member : this.rotation.all()) {
			if (!member.isFit()) {
				return true;
			}
		}
		return false;
	}

	long now() {
		return this.clock.now();
	}

	/**
	 * A call was answered in that time. Answers on two threads at once may count as one:
	 * the average needs not be exact.
	 */
	void observe(long latency) {
		double before = this.usual;
		this.usual = (before > 0) ? before + (latency - before) / 16 : latency;
	}

	void succeededAt(long now) {
		// not each time: it is shared by all threads
		if (now - this.lastSuccess > SECOND) {
			this.lastSuccess = now;
		}
	}

	void failedAt(long now) {
		this.lastFailure = now;
	}

	/**
	 * How long an answer usually takes, in nanoseconds, or zero if that is not known.
	 */
	double usual() {
		return this.usual;
	}

	double penalty() {
		return this.usual * PENALTY;
	}

	/**
	 * Whether calls have only failed for that long.
	 */
	boolean isFailingFor(Duration time) {
		return this.lastFailure - this.lastSuccess > 0 && now() - this.lastSuccess >= time.toNanos();
	}

}
