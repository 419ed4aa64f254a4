package dev.rpcboot.server;

import java.io.IOException;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.rpcboot.server.WorkApplication.WorkBean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What happens to requests for which there is no room.
 */
@Timeout(60)
class OverloadTests {

	private static final String[] TEN_PLACES = { "rpc.server.overload.min-concurrency=10",
			"rpc.server.overload.max-concurrency=10" };

	private static final String[] ONE_PLACE = { "rpc.server.overload.min-concurrency=1",
			"rpc.server.overload.max-concurrency=1" };

	private final ExecutorService callers = Executors.newCachedThreadPool();

	@AfterEach
	void stop() {
		this.callers.shutdownNow();
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void refusesWhatThereIsNoRoomForWithoutEnteringIt(Stack stack) throws Exception {
		try (RunningServer server = RunningServer.open(stack, WorkApplication.class, TEN_PLACES)) {
			WorkBean work = server.bean(WorkBean.class);
			List<CompletableFuture<RawHttp.Answer>> held = hold(server, 10);

			RawHttp.Answer refused = server.call("Work", WorkApplication.QUICK);
			work.release.countDown();
			for (CompletableFuture<RawHttp.Answer> one : held) {
				assertThat(one.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
			}
			RawHttp.Answer answered = server.call("Work", WorkApplication.QUICK);

			assertThat(refused.status()).isEqualTo(503);
			assertThat(refused.header("Rpc-Status")).isEqualTo("OVERLOADED");
			assertThat(refused.header("Retry-After")).isEqualTo("1");
			assertThat(refused.text()).contains("\"executed\":\"no\"").contains("\"id\":null");
			assertThat(answered.status()).isEqualTo(200);
			assertThat(work.entered).hasValue(11);
			// a thread may be on its way out of a method that has answered
			await().until(() -> server.bean(RpcDispatcher.class).limiter().running() == 0);
		}
	}

	@Test
	void keepsTheConnectionOfARefusedRequest() throws Exception {
		// Tomcat closes it after any 503
		try (RunningServer server = RunningServer.open(Stack.REACTIVE, WorkApplication.class, ONE_PLACE);
				RawHttp http = new RawHttp(server.port())) {
			List<CompletableFuture<RawHttp.Answer>> held = hold(server, 1);
			RawHttp.Request request = RawHttp.Request.call("/rpc/Work", WorkApplication.QUICK);

			RawHttp.Answer refused = http.send(request);
			server.bean(WorkBean.class).release.countDown();
			held.get(0).get(10, TimeUnit.SECONDS);
			RawHttp.Answer answered = http.send(request);

			assertThat(refused.status()).isEqualTo(503);
			assertThat(answered.status()).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void refusesALargeRequestBeforeItsBodyComes(Stack stack) throws Exception {
		try (RunningServer server = RunningServer.open(stack, WorkApplication.class, ONE_PLACE);
				RawHttp http = new RawHttp(server.port())) {
			hold(server, 1);

			http.write(head(1_000_000));
			RawHttp.Answer refused = http.read("POST");
			server.bean(WorkBean.class).release.countDown();

			assertThat(refused.status()).isEqualTo(503);
			assertThat(refused.header("Connection")).isEqualTo("close");
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void givesABodyThatIsNotThereYetNoPlace(Stack stack) throws Exception {
		try (RunningServer server = RunningServer.open(stack, WorkApplication.class, ONE_PLACE);
				RawHttp slow = new RawHttp(server.port())) {
			slow.write(head(WorkApplication.QUICK.length()));
			slow.write(WorkApplication.QUICK.substring(0, 10));

			RawHttp.Answer other = server.call("Work", WorkApplication.QUICK);
			hold(server, 1);
			slow.write(WorkApplication.QUICK.substring(10));
			RawHttp.Answer refused = slow.read("POST");
			server.bean(WorkBean.class).release.countDown();

			assertThat(other.status()).isEqualTo(200);
			assertThat(refused.status()).isEqualTo(503);
			assertThat(server.bean(WorkBean.class).entered).hasValue(2);
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void refusesTheLessCriticalFirst(Stack stack) throws Exception {
		try (RunningServer server = RunningServer.open(stack, WorkApplication.class, TEN_PLACES)) {
			hold(server, 4);
			RawHttp.Answer sheddable = quick(server, "sheddable");
			RawHttp.Answer sheddablePlus = quick(server, "sheddable_plus");
			hold(server, 3);
			RawHttp.Answer laterSheddablePlus = quick(server, "sheddable_plus");
			RawHttp.Answer critical = quick(server, "critical");
			RawHttp.Answer unknown = quick(server, "whatever");
			hold(server, 3);
			RawHttp.Answer claimed = quick(server, "critical_plus");
			server.bean(WorkBean.class).release.countDown();

			assertThat(sheddable.status()).isEqualTo(503);
			assertThat(sheddablePlus.status()).isEqualTo(200);
			assertThat(laterSheddablePlus.status()).isEqualTo(503);
			assertThat(critical.status()).isEqualTo(200);
			assertThat(unknown.status()).isEqualTo(200);
			// nobody knows who says so
			assertThat(claimed.status()).isEqualTo(503);
		}
	}

	@Test
	void letsAKnownCallerHaveTheReserve() throws Exception {
		try (RunningServer server = RunningServer.open(Stack.SERVLET, WorkApplication.class, TEN_PLACES)) {
			hold(server, 10);
			RpcDispatcher dispatcher = server.bean(RpcDispatcher.class);
			RequestHead head = new RequestHead("POST", "/rpc/Work",
					List.of(new RequestHead.Header("Content-Type", "application/json"),
							new RequestHead.Header("Rpc-Criticality", "critical_plus")));
			Principal somebody = () -> "somebody";

			HttpAnswer unknown = answer(dispatcher, head, null);
			HttpAnswer known = answer(dispatcher, head, somebody);
			server.bean(WorkBean.class).release.countDown();

			assertThat(unknown.status()).isEqualTo(503);
			assertThat(known.status()).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void letsACancellationInAnyway(Stack stack) throws Exception {
		try (RunningServer server = RunningServer.open(stack, WorkApplication.class, ONE_PLACE)) {
			hold(server, 1);

			RawHttp.Answer cancelled = server.call("Work",
					"{\"jsonrpc\":\"2.0\",\"method\":\"rpc.cancel\",\"params\":{\"id\":\"0123456789abcdef\"}}",
					"Rpc-Method", "rpc.cancel");
			RawHttp.Answer disguised = server.call("Work", WorkApplication.QUICK, "Rpc-Method", "rpc.cancel");
			RawHttp.Answer batch = server.call("Work", "[" + WorkApplication.QUICK + "]", "Rpc-Method", "rpc.cancel");
			server.bean(WorkBean.class).release.countDown();

			assertThat(cancelled.status()).isEqualTo(204);
			assertThat(disguised.status()).isEqualTo(400);
			assertThat(batch.status()).isEqualTo(400);
			assertThat(server.bean(WorkBean.class).entered).hasValue(1);
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void hasRoomAgainWhenAStreamHasBegun(Stack stack) throws Exception {
		try (RunningServer server = RunningServer.open(stack, WorkApplication.class, ONE_PLACE);
				RawStream stream = new RawStream(server.port(),
						RawHttp.Request.call("/rpc/Work", WorkApplication.ENDLESS, "Accept", "text/event-stream"))) {
			await().until(() -> server.bean(RpcDispatcher.class).limiter().running() == 0);

			assertThat(server.call("Work", WorkApplication.QUICK).status()).isEqualTo(200);
		}
	}

	@Test
	void hasNoRoomWhileAMethodRunsWhoseCallIsOver() throws Exception {
		// on a servlet container the request itself would not be over
		try (RunningServer server = RunningServer.open(Stack.REACTIVE, WorkApplication.class, ONE_PLACE)) {
			RawHttp.Answer late = server.call("Work", WorkApplication.HOLD, "Rpc-Timeout-Ms", "100");

			RawHttp.Answer refused = server.call("Work", WorkApplication.QUICK);
			server.bean(WorkBean.class).release.countDown();
			await().until(() -> server.bean(RpcDispatcher.class).limiter().running() == 0);
			RawHttp.Answer answered = server.call("Work", WorkApplication.QUICK);

			assertThat(late.status()).isEqualTo(504);
			assertThat(refused.status()).isEqualTo(503);
			assertThat(answered.status()).isEqualTo(200);
		}
	}

	@Test
	void refusesBeforeRequestsHaveToWaitForAThreadOfTheContainer() throws Exception {
		try (RunningServer server = RunningServer.open(Stack.SERVLET, WorkApplication.class,
				"server.tomcat.threads.max=10")) {
			WorkBean work = server.bean(WorkBean.class);
			List<CompletableFuture<RawHttp.Answer>> answers = new ArrayList<>();
			for (int i = 0; i < 30; i++) {
				answers.add(later(() -> server.call("Work", WorkApplication.HOLD)));
			}

			await().until(() -> answers.stream().filter(CompletableFuture::isDone).count() == 21);
			work.release.countDown();

			assertThat(answers).extracting((answer) -> answer.get(10, TimeUnit.SECONDS).status())
				.containsOnly(200, 503);
			assertThat(work.entered).hasValue(9);
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void answersInTimeWhatItCanUnderThreeTimesItsLoad(Stack stack) throws Exception {
		try (RunningServer server = RunningServer.open(stack, WorkApplication.class)) {
			Load.run(server, this.callers, 150, 50, 5_000);
			server.bean(WorkBean.class).entered.set(0);

			Load load = Load.run(server, this.callers, 1_500, 300, 1_000);

			// of 500 that it could, on a machine that does other things too; without a
			// limit
			// all but the first hundred wait too long
			assertThat(load.inTime()).as(load.toString()).isGreaterThan(250);
			assertThat(load.refused()).as(load.toString()).isGreaterThan(600);
			assertThat(server.bean(WorkBean.class).entered).as(load.toString())
				.hasValueLessThanOrEqualTo(1_500 - load.refused());
		}
	}

	@Test
	void doesNotLimitWhereItIsSwitchedOff() throws Exception {
		try (RunningServer server = RunningServer.open(Stack.REACTIVE, WorkApplication.class,
				"rpc.server.overload.enabled=false", "rpc.server.overload.max-concurrency=1")) {
			hold(server, 20);

			RawHttp.Answer answered = quick(server, "sheddable");
			server.bean(WorkBean.class).release.countDown();

			assertThat(answered.status()).isEqualTo(200);
		}
	}

	private static HttpAnswer answer(RpcDispatcher dispatcher, RequestHead head, Principal principal) {
		Admission.Admitted admitted = (Admission.Admitted) dispatcher.admit(head);
		return dispatcher.dispatch(admitted, WorkApplication.QUICK.getBytes(), principal, null)
			.toCompletableFuture()
			.join();
	}

	private List<CompletableFuture<RawHttp.Answer>> hold(RunningServer server, int calls) {
		WorkBean work = server.bean(WorkBean.class);
		int before = work.entered.get();
		List<CompletableFuture<RawHttp.Answer>> held = new ArrayList<>();
		for (int i = 0; i < calls; i++) {
			held.add(later(() -> server.call("Work", WorkApplication.HOLD)));
		}
		await().until(() -> work.entered.get() == before + calls);
		return held;
	}

	private CompletableFuture<RawHttp.Answer> later(Supplier<RawHttp.Answer> call) {
		return CompletableFuture.supplyAsync(call, this.callers);
	}

	private static RawHttp.Answer quick(RunningServer server, String criticality) {
		return server.call("Work", WorkApplication.QUICK, "Rpc-Criticality", criticality);
	}

	private static String head(int length) throws IOException {
		return "POST /rpc/Work HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
				+ length + "\r\n\r\n";
	}

}
