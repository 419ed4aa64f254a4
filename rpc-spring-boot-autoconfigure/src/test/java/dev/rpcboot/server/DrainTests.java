package dev.rpcboot.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.server.WorkApplication.WorkBean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.cloud.client.serviceregistry.AbstractAutoServiceRegistration;
import org.springframework.cloud.client.serviceregistry.AutoServiceRegistrationProperties;
import org.springframework.cloud.client.serviceregistry.Registration;
import org.springframework.cloud.client.serviceregistry.ServiceRegistry;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What callers see of an application that stops. Waits longer than a test may last would
 * show.
 */
@Timeout(60)
class DrainTests {

	private static final RawHttp.Request QUICK = RawHttp.Request.call("/rpc/Work", WorkApplication.QUICK);

	@ParameterizedTest
	@EnumSource(Stack.class)
	void finishesWhatRunsAndSendsOthersElsewhere(Stack stack) throws Exception {
		try (RunningServer server = RunningServer.open(stack, RegisteredApplication.class,
				"rpc.server.drain.linger=1h"); RawHttp known = new RawHttp(server.port())) {
			WorkBean work = server.bean(WorkBean.class);
			known.send(QUICK);
			CompletableFuture<RawHttp.Answer> held = CompletableFuture
				.supplyAsync(() -> server.call("Work", WorkApplication.HOLD));
			await().until(() -> work.entered.get() == 2);

			CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
			await().until(() -> server.call("Work", WorkApplication.QUICK).status() == 503);
			int entered = work.entered.get();
			RawHttp.Answer draining = known.send(QUICK);
			boolean over = known.isClosedByServer(5_000);
			boolean finished = held.isDone();
			work.release.countDown();

			assertThat(draining.status()).isEqualTo(503);
			assertThat(draining.header("Rpc-Status")).isEqualTo("DRAINING");
			assertThat(draining.header("Connection")).isEqualTo("close");
			assertThat(draining.text()).contains("\"executed\":\"no\"");
			assertThat(over).isTrue();
			assertThat(finished).isFalse();
			assertThat(held.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
			assertThat(work.entered).hasValue(entered);
			// early, because nobody comes any more
			closed.get(10, TimeUnit.SECONDS);
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void leavesDiscoveryOnceAndBeforeItRefusesAnything(Stack stack) throws Exception {
		RunningServer server = RunningServer.open(stack, RegisteredApplication.class, "rpc.server.drain.linger=1h");
		Registry registry = server.bean(Registry.class);
		registry.gate = new CountDownLatch(1);
		server.send(QUICK);

		CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
		await().until(() -> registry.events.contains("deregister"));
		RawHttp.Answer meanwhile = server.send(QUICK);
		registry.gate.countDown();
		await().until(() -> server.send(QUICK).status() == 503);
		closed.get(15, TimeUnit.SECONDS);

		assertThat(meanwhile.status()).isEqualTo(200);
		assertThat(registry.events).containsExactly("register", "not ready", "deregister", "close");
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void doesNotWaitForARegistryThatHangs(Stack stack) throws Exception {
		RunningServer server = RunningServer.open(stack, RegisteredApplication.class, "rpc.server.drain.linger=1h");
		Registry registry = server.bean(Registry.class);
		registry.gate = new CountDownLatch(1);
		server.send(QUICK);

		CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
		await().until(() -> server.send(QUICK).status() == 503);
		registry.gate.countDown();

		closed.get(15, TimeUnit.SECONDS);
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void stopsAtOnceIfNobodyEverCalled(Stack stack) throws Exception {
		RunningServer server = RunningServer.open(stack, WorkApplication.class, "rpc.server.drain.linger=1h");
		CountDownLatch drained = new CountDownLatch(1);

		server.bean(RpcDispatcher.class)
			.drain(Duration.ofHours(1), server.bean(DeadlineTimer.class), drained::countDown);
		long left = drained.getCount();
		server.close();

		assertThat(left).isZero();
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void servesOnAfterAPauseAndARestart(Stack stack) {
		try (RunningServer server = RunningServer.open(stack, WorkApplication.class)) {
			server.context().pause();
			server.context().restart();
			int restarted = server.call("Work", WorkApplication.QUICK).status();
			server.context().stop();
			server.context().start();
			int startedAgain = server.call("Work", WorkApplication.QUICK).status();

			assertThat(restarted).isEqualTo(200);
			assertThat(startedAgain).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void tellsReadersOfStreamsWhyTheyEnd(Stack stack) throws Exception {
		try (RunningServer server = RunningServer.open(stack, WorkApplication.class);
				RawStream stream = new RawStream(server.port(),
						RawHttp.Request.call("/rpc/Work", WorkApplication.ENDLESS, "Accept", "text/event-stream"))) {
			String first = stream.event();
			CountDownLatch drained = new CountDownLatch(1);

			server.bean(StreamThreads.class).drain(Duration.ZERO, drained::countDown);
			String last = stream.event();

			assertThat(first).contains("1");
			assertThat(last).contains("\"reason\":\"DRAINING\"").contains("\"executed\":\"unknown\"");
			assertThat(drained.await(10, TimeUnit.SECONDS)).isTrue();
		}
	}

	/**
	 * A registry that writes down what it is told.
	 */
	static class Registry implements ServiceRegistry<Registration> {

		final List<String> events = new CopyOnWriteArrayList<>();

		volatile CountDownLatch gate = new CountDownLatch(0);

		@Override
		public void register(Registration registration) {
			this.events.add("register");
		}

		@Override
		public void deregister(Registration registration) {
			this.events.add("deregister");
			try {
				this.gate.await(20, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		@Override
		public void close() {
			this.events.add("close");
		}

		@Override
		public void setStatus(Registration registration, String status) {
		}

		@Override
		public <T> T getStatus(Registration registration) {
			return null;
		}

	}

	static class Registering extends AbstractAutoServiceRegistration<Registration> {

		Registering(ApplicationContext context, Registry registry) {
			super(context, registry, new AutoServiceRegistrationProperties());
		}

		@Override
		protected Object getConfiguration() {
			return "";
		}

		@Override
		protected boolean isEnabled() {
			return true;
		}

		@Override
		protected Registration getRegistration() {
			return null;
		}

		@Override
		protected Registration getManagementRegistration() {
			return null;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(WorkApplication.class)
	static class RegisteredApplication {

		@Bean(destroyMethod = "")
		Registry registry() {
			return new Registry();
		}

		@Bean
		Registering registering(ApplicationContext context, Registry registry) {
			return new Registering(context, registry);
		}

		@Bean
		ApplicationListener<AvailabilityChangeEvent<?>> readiness(Registry registry) {
			return (event) -> {
				if (event.getState().toString().equals("REFUSING_TRAFFIC")) {
					registry.events.add("not ready");
				}
			};
		}

	}

}
