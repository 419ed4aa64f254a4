package dev.rpcboot.faults.consumer;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcUnavailableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(30)
class LoadGeneratorTests {

	private final AtomicInteger calls = new AtomicInteger();

	@Test
	void measuresFromTheMomentAtWhichACallWasToStart() throws Exception {
		// a server that one call holds up, for all that come after it
		Object lock = new Object();

		LoadReport report = run(LoadPlan.of("held-up", "target", 200, 200, Operation.READ), (id) -> {
			synchronized (lock) {
				if (this.calls.incrementAndGet() == 20) {
					hold(500);
				}
			}
			return "provider";
		});

		// a closed loop would have seen one slow call
		assertThat(report.calls()).isEqualTo(200);
		assertThat(report.all().count()).isEqualTo(200);
		assertThat(report.all().p95()).isGreaterThan(300);
		assertThat(report.all().max()).isGreaterThan(450);
	}

	@Test
	void goesOnCallingWhenNoCallEnds() throws Exception {
		CountDownLatch allThere = new CountDownLatch(300);

		LoadReport report = run(LoadPlan.of("stuck", "target", 300, 1000, Operation.READ), (id) -> {
			allThere.countDown();
			return await(allThere) ? "provider" : "alone";
		});

		assertThat(report.answeredBy()).containsOnlyKeys("provider").containsEntry("provider", 300L);
	}

	@Test
	void countsFailuresByWhatTheyTell() throws Exception {
		LoadReport report = run(LoadPlan.of("failing", "target", 100, 1000, Operation.READ, Operation.ADD), (id) -> {
			if (this.calls.incrementAndGet() % 10 == 0) {
				throw new RpcUnavailableException("no", RpcUnavailableException.Reason.OVERLOADED, null);
			}
			if (id.startsWith("failing-5@")) {
				throw new RpcConnectionException("lost", null);
			}
			return "provider";
		});

		assertThat(report.failures().get("RpcUnavailableException/OVERLOADED/NOT_EXECUTED")).isBetween(9L, 10L);
		assertThat(report.failedCalls()).allMatch((call) -> CallId.beganMicros(call.callId()) > 0)
			.filteredOn(LoadReport.FailedCall::isNotExecuted)
			.hasSizeBetween(9, 10);
		assertThat(report.failed().count() + report.succeeded().count()).isEqualTo(100);
	}

	@Test
	void callsInBurstsAndOneArgumentWhereThePlanSaysSo() throws Exception {
		Set<String> ids = ConcurrentHashMap.newKeySet();

		LoadReport report = run(
				LoadPlan.of("bursts", "target", 100, 1000, Operation.READ).inBursts(50, 5).ofOneArgument(), (id) -> {
					ids.add(id);
					return "provider";
				});

		assertThat(ids).containsExactly("bursts");
		assertThat(report.calls()).isEqualTo(100);
		LoadPlan plan = LoadPlan.of("x", "target", 100, 50, Operation.READ).inBursts(50, 5);
		assertThat(plan.start(0)).isEqualTo(plan.start(49));
		assertThat(plan.start(50) - plan.start(0)).isBetween(990_000_000L, 1_010_000_000L);
	}

	private static LoadReport run(LoadPlan plan, UnaryOperator<String> method) throws InterruptedException {
		try (LoadGenerator generator = new LoadGenerator((operation, target) -> method, new AttemptLog())) {
			return generator.run(plan);
		}
	}

	private static void hold(long millis) {
		await(new CountDownLatch(1), millis);
	}

	private static boolean await(CountDownLatch latch) {
		return await(latch, 10_000);
	}

	private static boolean await(CountDownLatch latch, long millis) {
		try {
			return latch.await(millis, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
