package dev.rpcboot.calls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.RpcUnavailableException.Reason;
import dev.rpcboot.calls.Warehouse.Order;
import dev.rpcboot.client.RpcFallback;
import dev.rpcboot.client.RpcReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.RequestDataContext;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.client.loadbalancer.ResponseData;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What becomes of calls when instances fail, by real instances that really fail.
 */
@Timeout(60)
class FailoverTests {

	private final Applications applications = new Applications();

	private final List<ServerSocket> sockets = new ArrayList<>();

	@AfterEach
	void stop() throws IOException {
		this.applications.close();
		for (ServerSocket socket : this.sockets) {
			socket.close();
		}
	}

	@Test
	void spreadsCallsOverAllInstances() {
		ConfigurableApplicationContext one = provider();
		ConfigurableApplicationContext other = provider();
		Warehouse warehouse = consumer(Consumer.class, Applications.url(one), Applications.url(other));

		IntStream.range(0, 200).parallel().forEach((i) -> warehouse.greet("Ada"));

		assertThat(executions(one)).isBetween(20, 180);
		assertThat(executions(one) + executions(other)).isEqualTo(200);
	}

	@Test
	void asksAnotherInstanceWhenOneRefusesConnectionsWhateverTheMethod() throws Exception {
		ConfigurableApplicationContext alive = provider();
		Warehouse warehouse = consumer(Consumer.class, Applications.url(alive), refusing());

		for (int i = 0; i < 50; i++) {
			assertThat(warehouse.reserve("x1", new Order(1, "Ada"))).isEqualTo(1);
		}

		assertThat(alive.getBean(WarehouseProvider.class).executions("reserve")).isEqualTo(50);
	}

	@Test
	void repeatsSafeMethodsWhenAConnectionIsLost() throws Exception {
		ConfigurableApplicationContext alive = provider();
		AtomicInteger received = new AtomicInteger();
		Warehouse warehouse = consumer(Consumer.class, Applications.url(alive), resetting(received));

		for (int i = 0; i < 20; i++) {
			assertThat(warehouse.greet("Ada")).isEqualTo("Hello Ada");
		}

		assertThat(received).hasPositiveValue();
	}

	@Test
	void reportsALostConnectionAsUnknownInsteadOfRepeatingWhatMayHaveRun() throws Exception {
		AtomicInteger received = new AtomicInteger();
		Warehouse warehouse = consumer(Consumer.class, resetting(received));

		assertThatExceptionOfType(RpcConnectionException.class)
			.isThrownBy(() -> warehouse.reserve("x1", new Order(1, "Ada")))
			.withMessageContaining("Warehouse/reserve on warehouse")
			.satisfies((ex) -> assertThat(ex.execution()).isEqualTo(Execution.UNKNOWN));
		assertThat(received).hasValue(1);
	}

	@Test
	void opensTheCircuitOfATargetThatKeepsFailing() throws Exception {
		AtomicInteger received = new AtomicInteger();
		Warehouse warehouse = consumer(Consumer.class, resetting(received));
		for (int i = 0; i < 10; i++) {
			assertThatExceptionOfType(RpcConnectionException.class)
				.isThrownBy(() -> warehouse.reserve("x1", new Order(1, "Ada")));
		}

		assertThatExceptionOfType(RpcUnavailableException.class)
			.isThrownBy(() -> warehouse.reserve("x1", new Order(1, "Ada")))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.CIRCUIT_OPEN));
		assertThat(received).hasValue(10);
	}

	@Test
	void keepsTheCircuitClosedWhileFailoverAnswers() throws Exception {
		ConfigurableApplicationContext alive = provider();
		Warehouse warehouse = consumer(Consumer.class, Applications.url(alive), refusing());

		for (int i = 0; i < 50; i++) {
			assertThat(warehouse.greet("Ada")).isEqualTo("Hello Ada");
		}

		assertThat(executions(alive)).isEqualTo(50);
	}

	@Test
	void saysThatNothingWasExecutedWhenNoInstanceCanBeReached() {
		ConfigurableApplicationContext consumer = this.applications.consumer(Consumer.class,
				"spring.cloud.discovery.client.simple.instances.warehouse[0].uri=http://127.0.0.1:1");
		Warehouse warehouse = consumer.getBean(Consumer.class).warehouse;

		assertThatExceptionOfType(RpcUnavailableException.class).isThrownBy(() -> warehouse.greet("Ada"))
			.satisfies((ex) -> {
				assertThat(ex.reason()).isEqualTo(Reason.CONNECT_FAILED);
				assertThat(ex.execution()).isEqualTo(Execution.NOT_EXECUTED);
			});
	}

	@Test
	void asksTheFallbackOnlyWhenNothingElseServes() throws Exception {
		ConfigurableApplicationContext alive = provider();
		Warehouse served = consumer(WithFallback.class, Applications.url(alive));
		Warehouse unserved = consumer(WithFallback.class, refusing());

		assertThat(served.greet("Ada")).isEqualTo("Hello Ada");
		assertThat(unserved.greet("Ada")).isEqualTo("Fallback for Ada");
		assertThatExceptionOfType(Warehouse.UnknownSkuException.class)
			.isThrownBy(() -> served.reserve("unknown", new Order(1, "Ada")));
	}

	@Test
	void tellsTheLoadBalancersCallbacksWhatBecameOfEachAttempt() throws Exception {
		ConfigurableApplicationContext alive = provider();
		ConfigurableApplicationContext consumer = this.applications.consumer(WithLifecycle.class,
				instances(Applications.url(alive), refusing()));
		Lifecycle lifecycle = consumer.getBean(Lifecycle.class);

		for (int i = 0; i < 4; i++) {
			consumer.getBean(WithLifecycle.class).warehouse.greet("Ada");
		}

		assertThat(lifecycle.succeeded).hasValue(4);
		assertThat(lifecycle.failed).hasPositiveValue();
		assertThat(lifecycle.started).hasValue(lifecycle.succeeded.get() + lifecycle.failed.get());
	}

	@Test
	void findsAnInstanceThatStartsAfterTheConsumer() throws Exception {
		ServerSocket reserved = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
		int port = reserved.getLocalPort();
		reserved.close();
		Warehouse warehouse = consumer(Consumer.class, "http://127.0.0.1:" + port);
		assertThatExceptionOfType(RpcUnavailableException.class).isThrownBy(() -> warehouse.greet("Ada"));

		this.applications.provider(WebApplicationType.SERVLET, WarehouseProvider.class, "server.port=" + port);

		assertThat(warehouse.greet("Ada")).isEqualTo("Hello Ada");
	}

	private ConfigurableApplicationContext provider() {
		return this.applications.provider(WebApplicationType.SERVLET, WarehouseProvider.class);
	}

	private Warehouse consumer(Class<? extends Consumer> type, String... urls) {
		return this.applications.consumer(type, instances(urls)).getBean(type).warehouse;
	}

	private static String[] instances(String... urls) {
		List<String> properties = new ArrayList<>();
		for (int i = 0; i < urls.length; i++) {
			properties.add("spring.cloud.discovery.client.simple.instances.warehouse[" + i + "].uri=" + urls[i]);
		}
		return properties.toArray(String[]::new);
	}

	private static int executions(ConfigurableApplicationContext provider) {
		return provider.getBean(WarehouseProvider.class).executions("greet");
	}

	/** An address at which nobody listens. */
	private static String refusing() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return "http://127.0.0.1:" + socket.getLocalPort();
		}
	}

	/** A server that reads a request and then resets the connection. */
	private String resetting(AtomicInteger received) throws IOException {
		ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		this.sockets.add(server);
		Thread thread = new Thread(() -> {
			while (!server.isClosed()) {
				try (Socket socket = server.accept()) {
					socket.setSoTimeout((int) Duration.ofSeconds(5).toMillis());
					socket.setSoLinger(true, 0);
					if (socket.getInputStream().read(new byte[8192]) > 0) {
						received.incrementAndGet();
					}
				}
				catch (IOException ex) {
					// closed by the test, or a client that left
				}
			}
		});
		thread.setDaemon(true);
		thread.start();
		return "http://127.0.0.1:" + server.getLocalPort();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Consumer {

		@RpcReference("warehouse")
		Warehouse warehouse;

	}

	@Configuration(proxyBeanMethods = false)
	static class WithFallback extends Consumer {

		@RpcFallback
		@Bean
		Warehouse substitute() {
			return new WarehouseProvider() {

				@Override
				public String greet(String name) {
					return "Fallback for " + name;
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class WithLifecycle extends Consumer {

		@Bean
		Lifecycle lifecycle() {
			return new Lifecycle();
		}

	}

	static class Lifecycle implements LoadBalancerLifecycle<RequestDataContext, ResponseData, ServiceInstance> {

		final AtomicInteger started = new AtomicInteger();

		final AtomicInteger succeeded = new AtomicInteger();

		final AtomicInteger failed = new AtomicInteger();

		@Override
		public void onStart(Request<RequestDataContext> request) {
		}

		@Override
		public void onStartRequest(Request<RequestDataContext> request, Response<ServiceInstance> response) {
			this.started.incrementAndGet();
		}

		@Override
		public void onComplete(CompletionContext<ResponseData, ServiceInstance, RequestDataContext> completionContext) {
			switch (completionContext.status()) {
				case SUCCESS -> this.succeeded.incrementAndGet();
				case FAILED -> this.failed.incrementAndGet();
				case DISCARD -> {
				}
			}
		}

	}

}
