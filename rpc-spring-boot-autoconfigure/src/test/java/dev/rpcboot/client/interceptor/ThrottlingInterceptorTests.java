package dev.rpcboot.client.interceptor;

import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.RpcUnavailableException.Reason;
import dev.rpcboot.call.Criticality;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.client.CallSettings;
import dev.rpcboot.client.Resilience;
import dev.rpcboot.client.RpcClientInterceptor.Chain;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;
import dev.rpcboot.client.TestRequests;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ThrottlingInterceptorTests {

	private static final RpcResponse ANSWER = new RpcResponse(null, RpcHeaders.EMPTY);

	private static final int PER_SECOND = 200;

	private final AtomicLong now = new AtomicLong();

	private final ThrottlingInterceptor throttling = new ThrottlingInterceptor(this.now::get,
			new Random(4711)::nextDouble);

	private int sent;

	@Test
	void letsAMultipleOfTheAcceptedCallsThrough() {
		run(10, this::acceptsEveryTenthOfASecondTwo, Criticality.CRITICAL);
		this.sent = 0;

		run(20, this::acceptsEveryTenthOfASecondTwo, Criticality.CRITICAL);

		// 20 a second are accepted, and 5 a second go in any case
		assertThat(this.sent).isBetween(20 * 40, 20 * 55);
	}

	@Test
	void asksATargetThatAcceptsNothingNowAndThen() {
		run(20, (call) -> false, Criticality.CRITICAL);

		assertThat(this.sent).isBetween(20 * 4, 20 * 8);
	}

	@Test
	void holdsNothingBackSoonAfterAnOverload() {
		run(10, this::acceptsEveryTenthOfASecondTwo, Criticality.CRITICAL);
		run(3, (call) -> true, Criticality.CRITICAL);
		this.sent = 0;

		run(1, (call) -> true, Criticality.CRITICAL);

		assertThat(this.sent).isEqualTo(PER_SECOND);
	}

	@Test
	void holdsNothingBackForAFewRefusals() {
		run(10, (call) -> call % 2 == 0, Criticality.CRITICAL);

		assertThat(this.sent).isEqualTo(10 * PER_SECOND);
	}

	@Test
	void holdsNothingBackFromATargetThatIsMerelySlow() {
		Chain silent = (request) -> {
			this.sent++;
			return new CompletableFuture<>();
		};

		for (int call = 0; call < 1000; call++) {
			this.throttling.intercept(request(Criticality.CRITICAL, 2.0), silent);
		}

		assertThat(this.sent).isEqualTo(1000);
	}

	@Test
	void holdsBackNothingMoreImportantThanWhatIsRefused() {
		run(10, (call) -> false, Criticality.SHEDDABLE);
		this.sent = 0;

		run(1, (call) -> true, Criticality.CRITICAL);

		assertThat(this.sent).isEqualTo(PER_SECOND);
	}

	@Test
	void countsNoCallThatWasGivenUp() {
		for (int call = 0; call < 100; call++) {
			this.throttling.intercept(request(Criticality.CRITICAL, 2.0),
					(request) -> CompletableFuture.failedFuture(new CancellationException()));
		}

		run(1, (call) -> false, Criticality.CRITICAL);

		assertThat(this.sent).isLessThan(50);
	}

	@Test
	void countsOnlyOverloadAsARefusal() {
		for (int call = 0; call < 1000; call++) {
			this.throttling.intercept(request(Criticality.CRITICAL, 2.0), (request) -> {
				this.sent++;
				return CompletableFuture
					.failedFuture(new RpcUnavailableException("refused", Reason.CONNECT_FAILED, null));
			});
		}

		assertThat(this.sent).isEqualTo(1000);
	}

	@Test
	void saysThatACallWhichIsHeldBackWasNotSent() {
		run(10, (call) -> false, Criticality.CRITICAL);
		ThrottlingInterceptor always = new ThrottlingInterceptor(this.now::get, () -> 0);
		for (int call = 0; call < 100; call++) {
			always.intercept(request(Criticality.CRITICAL, 2.0), this::refused);
		}

		CompletableFuture<RpcResponse> response = always.intercept(request(Criticality.CRITICAL, 2.0), this::refused);

		assertThat(response).failsWithin(5, TimeUnit.SECONDS)
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(RpcUnavailableException.class)
			.withMessageStartingWith("Stock/find on warehouse was not sent: warehouse has refused so many calls")
			.satisfies((ex) -> {
				assertThat(((RpcUnavailableException) ex).reason()).isEqualTo(Reason.THROTTLED);
				assertThat(((RpcUnavailableException) ex).execution()).isEqualTo(Execution.NOT_EXECUTED);
			});
	}

	@Test
	void isSwitchedOffByAbsence() {
		for (int call = 0; call < 1000; call++) {
			this.throttling.intercept(request(Criticality.CRITICAL, null), this::refused);
		}

		assertThat(this.sent).isEqualTo(1000);
	}

	/** Makes as many calls as there are in that time. */
	private void run(int seconds, Predicate<Integer> accepts, Criticality criticality) {
		for (int call = 0; call < seconds * PER_SECOND; call++) {
			this.now.addAndGet(TimeUnit.SECONDS.toNanos(1) / PER_SECOND);
			int number = call;
			this.throttling.intercept(request(criticality, 2.0), (request) -> {
				if (accepts.test(number)) {
					this.sent++;
					return CompletableFuture.completedFuture(ANSWER);
				}
				return refused(request);
			});
		}
	}

	private long period;

	private int taken;

	private boolean acceptsEveryTenthOfASecondTwo(int call) {
		long tenth = this.now.get() / TimeUnit.MILLISECONDS.toNanos(100);
		if (tenth != this.period) {
			this.period = tenth;
			this.taken = 0;
		}
		return ++this.taken <= 2;
	}

	private CompletableFuture<RpcResponse> refused(RpcRequest request) {
		this.sent++;
		return CompletableFuture.failedFuture(new RpcUnavailableException("busy", Reason.OVERLOADED, null));
	}

	private static RpcRequest request(Criticality criticality, @Nullable Double throttling) {
		Resilience defaults = Resilience.DEFAULTS;
		CallSettings settings = TestRequests.resilient(TestRequests.SETTINGS,
				new Resilience(defaults.retryBudget(), null, throttling, defaults.balancing(), criticality));
		return TestRequests.with((ignored) -> settings, "find", "a");
	}

}
