package dev.rpcboot.client.balance;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When instances are left out and come back, in simulated time.
 */
class EjectionTests {

	private static final Duration DISTANCE = Duration.ofMillis(10);

	private final SimulatedTarget target = new SimulatedTarget();

	@BeforeEach
	void list() {
		this.target.list("a", "b", "c", "bad");
		this.target.outcomes.put("bad", Outcome.FAILURE);
	}

	@Test
	void ejectsAnInstanceAfterFiveFailuresInARow() {
		this.target.callAt("bad", 4);
		boolean before = this.target.isCalled("bad");

		this.target.callAt("bad", 1);

		assertThat(before).isTrue();
		assertThat(this.target.isCalled("bad")).isFalse();
	}

	@Test
	void keepsAnInstanceThatSucceedsInBetween() {
		for (int i = 0; i < 3; i++) {
			this.target.outcomes.put("bad", Outcome.FAILURE);
			this.target.callAt("bad", 4);
			this.target.outcomes.put("bad", Outcome.ANSWERED);
			this.target.callAt("bad", 1);
		}

		assertThat(this.target.isCalled("bad")).isTrue();
	}

	@Test
	void ejectsAnInstanceThatFailsMoreOftenThanNot() {
		for (int i = 0; i < 6; i++) {
			this.target.outcomes.put("bad", Outcome.SUCCESS);
			this.target.callAt("bad", 1);
			this.target.outcomes.put("bad", Outcome.FAILURE);
			this.target.callAt("bad", 2);
		}
		boolean before = this.target.isCalled("bad");

		this.target.callAt("bad", 2);

		assertThat(before).isTrue();
		assertThat(this.target.isCalled("bad")).isFalse();
	}

	@Test
	void forgetsFailuresOfLongAgo() {
		for (int i = 0; i < 6; i++) {
			this.target.outcomes.put("bad", Outcome.SUCCESS);
			this.target.callAt("bad", 1);
			this.target.outcomes.put("bad", Outcome.FAILURE);
			this.target.callAt("bad", 2);
			this.target.clock.advance(Duration.ofSeconds(2));
		}

		assertThat(this.target.isCalled("bad")).isTrue();
	}

	@Test
	void doesNotCountWhatIsNotTheInstancesFault() {
		for (Outcome outcome : new Outcome[] { Outcome.BUSY, Outcome.NONE, Outcome.ANSWERED }) {
			this.target.outcomes.put("bad", outcome);
			this.target.callAt("bad", 50);
		}

		assertThat(this.target.isCalled("bad")).isTrue();
	}

	@Test
	void probesItByOneCallAtATimeAfterTheBaseTime() {
		this.target.callAt("bad", 5);
		this.target.clock.advance(Duration.ofMillis(4900));
		Pick early = this.target.pick();

		this.target.clock.advance(Duration.ofMillis(200));
		Pick probe = this.target.pick();
		Pick other = this.target.pick();

		assertThat(SimulatedTarget.id(early)).isNotEqualTo("bad");
		assertThat(SimulatedTarget.id(probe)).isEqualTo("bad");
		assertThat(SimulatedTarget.id(other)).isNotEqualTo("bad");
	}

	@Test
	void takesItBackWhenTheProbeIsAnswered() {
		this.target.callAt("bad", 5);
		this.target.outcomes.remove("bad");
		this.target.clock.advance(Duration.ofMillis(5100));

		String probed = this.target.callOnce();

		assertThat(probed).isEqualTo("bad");
		assertThat(this.target.call(400, DISTANCE).get("bad")).isGreaterThan(50);
	}

	@Test
	void probesAgainAndAgainSoThatItIsBackSoonAfterItHasHealed() {
		this.target.callAt("bad", 5);
		for (int i = 0; i < 4; i++) {
			this.target.clock.advance(Duration.ofSeconds(5));
			assertThat(this.target.callOnce()).isEqualTo("bad");
			assertThat(this.target.isCalled("bad")).isFalse();
		}
		this.target.outcomes.remove("bad");

		this.target.clock.advance(Duration.ofSeconds(5));
		this.target.callOnce();

		assertThat(this.target.isCalled("bad")).isTrue();
	}

	@Test
	void probesAgainAtOnceWhenAProbeWasNotSent() {
		this.target.callAt("bad", 5);
		this.target.clock.advance(Duration.ofMillis(5100));
		Pick discarded = this.target.pick();
		discarded.discard();

		Pick probe = this.target.pick();

		assertThat(SimulatedTarget.id(discarded)).isEqualTo("bad");
		assertThat(SimulatedTarget.id(probe)).isEqualTo("bad");
	}

	@ParameterizedTest
	@EnumSource(value = Outcome.class, names = { "NONE", "BUSY" })
	void probesAgainAfterAWhileWhenAProbeToldNothing(Outcome outcome) {
		this.target.callAt("bad", 5);
		this.target.clock.advance(Duration.ofMillis(5100));
		Pick first = this.target.pick();
		first.begin();
		SimulatedTarget.end(first, outcome);

		Pick next = this.target.pick();
		this.target.clock.advance(Duration.ofMillis(4100));
		Pick later = this.target.pick();

		assertThat(SimulatedTarget.id(first)).isEqualTo("bad");
		assertThat(SimulatedTarget.id(next)).isNotEqualTo("bad");
		assertThat(SimulatedTarget.id(later)).isEqualTo("bad");
	}

	@Test
	void leavesTheFirstProbesToCallsThatCanBeRepeated() {
		this.target.callAt("bad", 5);
		this.target.clock.advance(Duration.ofMillis(5100));
		Pick early = this.target.pickForWrite();

		this.target.clock.advance(Duration.ofSeconds(1));
		Pick late = this.target.pickForWrite();

		assertThat(SimulatedTarget.id(early)).isNotEqualTo("bad");
		assertThat(SimulatedTarget.id(late)).isEqualTo("bad");
	}

	@Test
	void ejectsTwiceAsLongWhenItFailsAgainSoon() {
		this.target.callAt("bad", 5);
		comeBackAfter(Duration.ofSeconds(5));
		this.target.callAt("bad", 5);

		this.target.clock.advance(Duration.ofMillis(9900));
		Pick early = this.target.pick();
		this.target.clock.advance(Duration.ofMillis(200));
		Pick probe = this.target.pick();

		assertThat(SimulatedTarget.id(early)).isNotEqualTo("bad");
		assertThat(SimulatedTarget.id(probe)).isEqualTo("bad");
	}

	@Test
	void ejectsForTheLongestTimeAtMost() {
		this.target.callAt("bad", 5);
		for (int seconds : new int[] { 5, 10, 20, 40, 60, 60 }) {
			comeBackAfter(Duration.ofSeconds(seconds));
			this.target.callAt("bad", 5);
		}

		this.target.clock.advance(Duration.ofMillis(60_100));
		Pick probe = this.target.pick();

		assertThat(SimulatedTarget.id(probe)).isEqualTo("bad");
	}

	@Test
	void beginsAnewAfterAHealthyTime() {
		this.target.callAt("bad", 5);
		comeBackAfter(Duration.ofSeconds(5));
		this.target.clock.advance(Duration.ofSeconds(6));
		this.target.callAt("bad", 5);

		this.target.clock.advance(Duration.ofMillis(5100));
		Pick probe = this.target.pick();

		assertThat(SimulatedTarget.id(probe)).isEqualTo("bad");
	}

	private void comeBackAfter(Duration time) {
		this.target.clock.advance(time);
		this.target.outcomes.remove("bad");
		assertThat(this.target.callOnce()).isEqualTo("bad");
		this.target.outcomes.put("bad", Outcome.FAILURE);
	}

	@Test
	void ejectsHalfOfTheInstancesButNotMore() {
		this.target.outcomes.put("c", Outcome.FAILURE);
		this.target.callAt("bad", 5);
		this.target.callAt("c", 5);

		assertThat(this.target.isCalled("bad")).isFalse();
		assertThat(this.target.isCalled("c")).isFalse();
	}

	@Test
	void usesAllWhenMoreThanHalfAreBad() {
		for (String id : new String[] { "bad", "c", "b" }) {
			this.target.outcomes.put(id, Outcome.FAILURE);
			this.target.callAt(id, 5);
		}

		for (String id : new String[] { "a", "b", "c", "bad" }) {
			assertThat(this.target.isCalled(id)).as(id).isTrue();
		}
	}

	@Test
	void usesAllOfThreeThatAllFail() {
		this.target.list("a", "b", "c");
		this.target.call(200, DISTANCE);
		for (String id : new String[] { "a", "b", "c" }) {
			this.target.outcomes.put(id, Outcome.FAILURE);
		}

		Map<String, Integer> calls = this.target.call(400, DISTANCE);

		assertThat(calls.values()).as("%s", calls).hasSize(3).allMatch((count) -> count > 40);
	}

	@Test
	void endsThePanicAsSoonAsInstancesAnswer() {
		for (String id : new String[] { "bad", "c", "b" }) {
			this.target.outcomes.put(id, Outcome.FAILURE);
			this.target.callAt(id, 5);
		}
		this.target.outcomes.remove("b");

		this.target.callAt("b", 1);

		assertThat(this.target.isCalled("b")).isTrue();
		assertThat(this.target.isCalled("bad")).isFalse();
		assertThat(this.target.isCalled("c")).isFalse();
	}

	@Test
	void neverEjectsTheOnlyInstance() {
		SimulatedTarget single = new SimulatedTarget();
		single.list("bad");
		single.outcomes.put("bad", Outcome.FAILURE);

		single.callAt("bad", 20);

		assertThat(single.isCalled("bad")).isTrue();
	}

	@Test
	void leavesAnInstanceAloneThatDrainsWhileThereAreOthers() {
		this.target.outcomes.put("bad", Outcome.DRAINING);

		this.target.callAt("bad", 1);

		assertThat(this.target.isCalled("bad")).isFalse();
	}

	@Test
	void callsDrainingInstancesWhereThereAreNoOthers() {
		for (String id : new String[] { "a", "b", "c", "bad" }) {
			this.target.outcomes.put(id, Outcome.DRAINING);
			this.target.callAt(id, 1);
		}

		assertThat(this.target.isCalled("bad")).isTrue();
	}

	@Test
	void callsAnInstanceAgainThatTheRegistryListsAnewAfterItDrained() {
		this.target.outcomes.put("bad", Outcome.DRAINING);
		this.target.callAt("bad", 1);

		this.target.list("a", "b", "c");
		this.target.list("a", "b", "c", "bad");

		assertThat(this.target.isCalled("bad")).isTrue();
	}

	@Test
	void takesBackAnInstanceThatDrainedWhenAProbeIsAnswered() {
		this.target.outcomes.put("bad", Outcome.DRAINING);
		this.target.callAt("bad", 1);
		this.target.outcomes.remove("bad");
		this.target.clock.advance(Duration.ofMillis(5100));

		String probed = this.target.callOnce();

		assertThat(probed).isEqualTo("bad");
		assertThat(this.target.isCalled("bad")).isTrue();
	}

}
