package dev.rpcboot.client.balance;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import dev.rpcboot.client.Resilience.Balancing;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which instances are called, in simulated time.
 */
class BalancerTests {

	private static final Duration DISTANCE = Duration.ofMillis(10);

	private final SimulatedTarget target = new SimulatedTarget();

	@Test
	void spreadsCallsOverEqualInstances() {
		this.target.list("a", "b", "c");

		Map<String, Integer> counts = this.target.call(3000, DISTANCE);

		assertThat(counts.values()).hasSize(3).allSatisfy((count) -> assertThat(count).isBetween(800, 1200));
	}

	@Test
	void givesATenTimesSlowerInstanceATenthAtMost() {
		this.target.list("a", "b", "slow");
		this.target.latencies.put("slow", Duration.ofMillis(50));
		this.target.call(500, DISTANCE);

		Map<String, Integer> counts = this.target.call(3000, DISTANCE);

		assertThat(counts.get("slow")).isBetween(1, 300);
	}

	@Test
	void avoidsAnInstanceThatDoesNotAnswerBeforeAnyCallHasFailed() {
		this.target.list("a", "b", "silent");
		this.target.call(100, DISTANCE);
		this.target.latencies.put("silent", Duration.ofSeconds(30));

		Map<String, Integer> counts = this.target.call(200, DISTANCE);

		assertThat(counts.getOrDefault("silent", 0)).isLessThan(20);
	}

	@Test
	void callsAnInstanceAgainSoonAfterItHasBecomeFast() {
		this.target.list("a", "b", "slow");
		this.target.latencies.put("slow", Duration.ofSeconds(1));
		this.target.call(500, DISTANCE);
		this.target.latencies.remove("slow");
		this.target.call(500, DISTANCE);

		Map<String, Integer> counts = this.target.call(300, DISTANCE);

		assertThat(counts.get("slow")).isGreaterThan(50);
	}

	@Test
	void doesNotLikeAnInstanceForFailingFast() {
		this.target.settings((settings) -> new Balancing(true, settings.warmUp(), null, null));
		this.target.list("a", "b", "failing");
		this.target.latencies.put("failing", Duration.ofMillis(1));
		this.target.outcomes.put("failing", Outcome.BUSY);
		this.target.call(100, DISTANCE);

		Map<String, Integer> counts = this.target.call(3000, DISTANCE);

		assertThat(counts.get("failing")).isLessThan(300);
	}

	@Test
	void doesNotJudgeAnInstanceByItsFirstAnswer() {
		this.target.list("a", "b");
		this.target.latencies.put("a", Duration.ofSeconds(1));
		this.target.callAt("a", 1);
		this.target.latencies.remove("a");

		Map<String, Integer> counts = this.target.call(100, DISTANCE);

		assertThat(counts.get("a")).isGreaterThan(25);
	}

	@Test
	void bringsANewInstanceToItsShareWithinItsWarmUp() {
		this.target.list("a", "b");
		this.target.call(100, DISTANCE);
		this.target.list("a", "b", "fresh");

		Map<String, Integer> cold = this.target.call(600, Duration.ofMillis(1));
		this.target.clock.advance(Duration.ofSeconds(2));
		Map<String, Integer> warmer = this.target.call(600, Duration.ofMillis(1));
		this.target.clock.advance(Duration.ofSeconds(10));
		Map<String, Integer> warm = this.target.call(600, Duration.ofMillis(1));

		assertThat(cold.get("fresh")).isBetween(1, 60);
		assertThat(warmer.get("fresh")).isBetween(60, 140);
		assertThat(warm.get("fresh")).isGreaterThan(150);
	}

	@Test
	void doesNotWarmUpTheInstancesThatItBeginsWith() {
		this.target.list("a", "b");

		Map<String, Integer> counts = this.target.call(100, DISTANCE);

		assertThat(counts.values()).hasSize(2).allSatisfy((count) -> assertThat(count).isGreaterThan(25));
	}

	@Test
	void remembersWhatItKnewOfAnInstanceThatTheRegistryLostForAWhile() {
		this.target.list("a", "b", "failing");
		this.target.outcomes.put("failing", Outcome.FAILURE);
		this.target.callAt("failing", 5);

		this.target.list("a", "b");
		this.target.list("a", "b", "failing");

		assertThat(this.target.isCalled("failing")).isFalse();
	}

	@Test
	void prefersOtherInstancesThanThoseThatWereTried() {
		this.target.list("a", "b", "c");
		Pick first = this.target.pick();
		Pick second = this.target.pick(first.member().at("/rpc"));

		Pick third = this.target.pick(first.member().at("/rpc"), second.member().at("/rpc"));

		assertThat(SimulatedTarget.id(second)).isNotEqualTo(SimulatedTarget.id(first));
		assertThat(SimulatedTarget.id(third)).isNotIn(SimulatedTarget.id(first), SimulatedTarget.id(second));
	}

	@Test
	void returnsToWhatWasTriedWhereThereIsNoOther() {
		this.target.list("a");
		Pick first = this.target.pick();

		Pick second = this.target.pick(first.member().at("/rpc"));

		assertThat(SimulatedTarget.id(second)).isEqualTo("a");
	}

	@Test
	void hasNoSecondInstanceForAHedgeWhereThereIsNoOther() {
		this.target.list("a");
		Pick first = this.target.pick();

		Pick second = this.target.pickForHedge(first.member().at("/rpc"));

		assertThat(second).isNull();
	}

	@Test
	void staysInItsZoneWhileThatHasAHealthyInstance() {
		SimulatedTarget zoned = new SimulatedTarget("north");
		zoned.list(SimulatedTarget.instance("near", Map.of("zone", "north")),
				SimulatedTarget.instance("far", Map.of("zone", "south")), SimulatedTarget.instance("other", Map.of()));

		Map<String, Integer> counts = zoned.call(100, DISTANCE);

		assertThat(counts).containsOnlyKeys("near");
	}

	@Test
	void leavesItsZoneWhenThatHasNoHealthyInstance() {
		SimulatedTarget zoned = new SimulatedTarget("north");
		zoned.list(SimulatedTarget.instance("near", Map.of("zone", "north")),
				SimulatedTarget.instance("far", Map.of("zone", "south")), SimulatedTarget.instance("other", Map.of()));
		zoned.outcomes.put("near", Outcome.FAILURE);
		zoned.callAt("near", 5);

		Map<String, Integer> counts = zoned.call(100, DISTANCE);

		assertThat(counts).containsOnlyKeys("far", "other");
	}

	@Test
	void bringsEqualKeysToTheSameInstanceAndMovesNoOthersWhenOneLeaves() {
		this.target.list("a", "b", "c", "d");
		Map<Long, String> before = new HashMap<>();
		for (long key = 0; key < 1000; key++) {
			before.put(key, this.target.pickByKey(key));
		}

		this.target.list("d", "c", "a");

		assertThat(before).allSatisfy((key, instance) -> {
			if (instance.equals("b")) {
				assertThat(this.target.pickByKey(key)).isNotEqualTo("b");
			}
			else {
				assertThat(this.target.pickByKey(key)).isEqualTo(instance);
			}
		});
		assertThat(before.values()).contains("a", "b", "c", "d");
		for (String id : before.values()) {
			assertThat(before.values().stream().filter(id::equals).count()).isBetween(180L, 320L);
		}
	}

	@Test
	void countsOnlyCallsThatHaveNotEnded() {
		this.target.list("a");
		Pick cancelled = this.target.pick();
		Pick running = this.target.pick();
		cancelled.begin();
		running.begin();

		SimulatedTarget.end(cancelled, Outcome.NONE);

		assertThat(running.member().load().outstanding()).isEqualTo(1);
		assertThat(running.member().load().latency(this.target.clock.now())).isEqualTo(Load.UNKNOWN);
	}

}
