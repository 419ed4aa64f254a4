package dev.rpcboot.client.balance;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

import dev.rpcboot.client.Resilience;
import dev.rpcboot.client.Resilience.Balancing;
import dev.rpcboot.client.Resilience.Ejection;
import dev.rpcboot.client.RpcInstance;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;

/**
 * Calls of a target in simulated time, by a seeded random.
 */
final class SimulatedTarget {

	final ManualClock clock = new ManualClock();

	final Ejection ejection = new Ejection(5, Duration.ofSeconds(5), Duration.ofSeconds(60), 50);

	final Balancer balancer;

	/** How long each instance takes. */
	final Map<String, Duration> latencies = new LinkedHashMap<>();

	/** What calls at an instance end with, where that is not success. */
	final Map<String, Outcome> outcomes = new LinkedHashMap<>();

	private Balancing settings = new Balancing(true, Duration.ofSeconds(10), this.ejection, null);

	SimulatedTarget() {
		this(null);
	}

	SimulatedTarget(@Nullable String zone) {
		Random random = new Random(42);
		this.balancer = new Balancer(this.clock, random::nextInt, () -> zone);
	}

	void settings(UnaryOperator<Balancing> change) {
		this.settings = change.apply(this.settings);
	}

	/** The registry lists these now. */
	void list(String... ids) {
		list(Arrays.stream(ids).map((id) -> instance(id, Map.of())).toArray(ServiceInstance[]::new));
	}

	void list(ServiceInstance... instances) {
		this.balancer.update(List.of(instances));
	}

	static ServiceInstance instance(String id, Map<String, String> metadata) {
		return new DefaultServiceInstance(id, "warehouse", id + ".local", 80, false, metadata);
	}

	/**
	 * Makes calls, one after the other begun in equal distances.
	 * @return how many came to each instance
	 */
	Map<String, Integer> call(int calls, Duration distance) {
		Map<String, Integer> counts = new LinkedHashMap<>();
		List<Running> running = new ArrayList<>();
		for (int i = 0; i < calls; i++) {
			this.clock.advance(distance);
			end(running, this.clock.now());
			Pick pick = pick();
			counts.merge(id(pick), 1, Integer::sum);
			pick.begin();
			running.add(new Running(pick, this.clock.now() + latency(pick)));
		}
		for (int i = 0; i < 100; i++) {
			this.clock.advance(Duration.ofMillis(10));
			end(running, this.clock.now());
		}
		return counts;
	}

	private void end(List<Running> running, long now) {
		running.removeIf((call) -> {
			if (call.endsAt() > now) {
				return false;
			}
			end(call.pick(), outcome(call.pick()));
			return true;
		});
	}

	/** One call that ends at once. */
	String callOnce() {
		Pick pick = pick();
		pick.begin();
		this.clock.advance(Duration.ofNanos(latency(pick)));
		end(pick, outcome(pick));
		return id(pick);
	}

	Pick pick(RpcInstance... tried) {
		return this.balancer.pick(new Wish(this.settings, List.of(tried), "/rpc", false, true, null));
	}

	Pick pickForHedge(RpcInstance... tried) {
		return this.balancer.pick(new Wish(this.settings, List.of(tried), "/rpc", true, true, null));
	}

	Pick pickForWrite() {
		return this.balancer.pick(new Wish(this.settings, List.of(), "/rpc", false, false, null));
	}

	String pickByKey(long key) {
		return id(this.balancer.pick(
				new Wish(Resilience.DEFAULTS.balancing(), List.of(), "/rpc", false, true, Rendezvous.hash("" + key))));
	}

	static void end(Pick pick, Outcome outcome) {
		pick.answered(outcome);
		pick.end();
	}

	/** Calls until the instance was called that often. */
	void callAt(String id, int times) {
		int left = times;
		for (int i = 0; left > 0; i++) {
			if (i > 10_000) {
				throw new AssertionError(id + " is not called");
			}
			Pick pick = pick();
			if (id(pick).equals(id)) {
				pick.begin();
				end(pick, outcome(pick));
				left--;
			}
			else {
				pick.discard();
			}
		}
	}

	/** Whether the instance is called among others, other than to probe it. */
	boolean isCalled(String id) {
		for (int i = 0; i < 1000; i++) {
			Pick pick = pick(new RpcInstance("none", URI.create("http://none")));
			pick.discard();
			if (id(pick).equals(id)) {
				return true;
			}
		}
		return false;
	}

	static String id(Pick pick) {
		return pick.member().at("/rpc").id();
	}

	private long latency(Pick pick) {
		return this.latencies.getOrDefault(id(pick), Duration.ofMillis(5)).toNanos();
	}

	private Outcome outcome(Pick pick) {
		return this.outcomes.getOrDefault(id(pick), Outcome.SUCCESS);
	}

	private record Running(Pick pick, long endsAt) {
	}

}
