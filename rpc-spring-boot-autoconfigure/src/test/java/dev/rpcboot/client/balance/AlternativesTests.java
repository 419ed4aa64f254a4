package dev.rpcboot.client.balance;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whether a call that one instance did not take is likely to be taken by another, in
 * simulated time.
 */
class AlternativesTests {

	private final SimulatedTarget target = new SimulatedTarget();

	@BeforeEach
	void list() {
		this.target.list("a", "b");
	}

	@Test
	void takesAnInstanceForWellOfWhichNothingIsKnown() {
		assertThat(hasOtherThan("a")).isTrue();
	}

	@Test
	void knowsNoOtherThanTheOnlyInstance() {
		this.target.list("a");

		assertThat(hasOtherThan("a")).isFalse();
	}

	@ParameterizedTest
	@EnumSource(value = Outcome.class, names = { "GONE", "FAILURE", "DRAINING" })
	void takesNoInstanceForWellThatFailedLast(Outcome outcome) {
		this.target.outcomes.put("b", outcome);

		this.target.callAt("b", 1);

		assertThat(hasOtherThan("a")).isFalse();
	}

	@Test
	void takesAnInstanceForWellThatAnsweredSince() {
		this.target.outcomes.put("b", Outcome.GONE);
		this.target.callAt("b", 1);
		this.target.outcomes.remove("b");

		this.target.callAt("b", 1);

		assertThat(hasOtherThan("a")).isTrue();
	}

	@Test
	void takesAnInstanceForWellThatRefusesOneCallOfTwenty() {
		refuseOneOf(20);

		assertThat(hasOtherThan("a")).isTrue();
	}

	@Test
	void takesNoInstanceForWellThatRefusesOneCallOfFour() {
		refuseOneOf(4);

		assertThat(hasOtherThan("a")).isFalse();
	}

	@Test
	void takesAnInstanceForWellThatHasStoppedRefusing() {
		refuseOneOf(2);

		this.target.callAt("b", 50);

		assertThat(hasOtherThan("a")).isTrue();
	}

	/** The last of them is answered. */
	private void refuseOneOf(int calls) {
		for (int i = 0; i < 100; i++) {
			this.target.outcomes.put("b", Outcome.BUSY);
			this.target.callAt("b", 1);
			this.target.outcomes.remove("b");
			this.target.callAt("b", calls - 1);
		}
	}

	private boolean hasOtherThan(String id) {
		Member tried = this.target.balancer.member(SimulatedTarget.instance(id, Map.of()));
		return this.target.balancer.hasOther(List.of(tried.at("/rpc")), "/rpc");
	}

}
