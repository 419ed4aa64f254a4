package dev.rpcboot.calls;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.management.ObjectName;

import dev.rpcboot.client.BroadcastPolicy;
import dev.rpcboot.client.RpcBatch;
import dev.rpcboot.client.RpcClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What calls leave behind that were cancelled: nothing.
 */
@Timeout(180)
class LeftoversTests {

	private static final int CALLS = 10_000;

	private static final int AT_A_TIME = 20;

	private static final Pattern COUNT = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+(dev\\.rpcboot\\.\\S+).*");

	/** One of these is made for each call. */
	private static final Pattern OF_A_CALL = Pattern.compile("dev\\.rpcboot\\.client\\.(CallContext|RpcRequest|RpcBatch"
			+ "|RpcBatch\\$Entry|DirectCall|CallStarter|CallTimer\\$Task|interceptor\\.Gathering|transport\\.AsyncCall"
			+ "|transport\\.Attempt)");

	private final Applications applications = new Applications();

	@AfterEach
	void stop() {
		this.applications.close();
	}

	@Test
	void nothingIsLeftOfCancelledBatches() throws Exception {
		ConfigurableApplicationContext consumer = start();
		RpcClient client = consumer.getBean(RpcClient.class);

		cancelMany(consumer, () -> {
			RpcBatch<Depot> batch = client.batch(Depot.class, "depot");
			batch.add((depot) -> depot.find("a"));
			batch.add(Depot::never);
			return batch.sendAsync();
		});
	}

	@Test
	void nothingIsLeftOfCancelledBroadcasts() throws Exception {
		ConfigurableApplicationContext consumer = start();
		RpcClient client = consumer.getBean(RpcClient.class);

		cancelMany(consumer,
				() -> client.broadcast(Depot.class, "depot").policy(BroadcastPolicy.QUORUM).callAsync(Depot::never));
	}

	@Test
	void nothingIsLeftOfCancelledGenericCalls() throws Exception {
		ConfigurableApplicationContext consumer = start();
		RpcClient client = consumer.getBean(RpcClient.class);

		cancelMany(consumer, () -> client.generic("depot", "Depot").method("never").callAsync(String.class));
	}

	private ConfigurableApplicationContext start() {
		ConfigurableApplicationContext one = this.applications.provider(WebApplicationType.REACTIVE,
				DepotProvider.class);
		ConfigurableApplicationContext other = this.applications.provider(WebApplicationType.REACTIVE,
				DepotProvider.class);
		return this.applications.consumer(Consumer.class,
				"spring.cloud.discovery.client.simple.instances.depot[0].uri=" + Applications.url(one),
				"spring.cloud.discovery.client.simple.instances.depot[1].uri=" + Applications.url(other),
				"rpc.client.timeout=60s", "rpc.client.circuit-breaker.enabled=false");
	}

	/**
	 * Cancels calls in every state in which they can be, with some under way at a time.
	 */
	private void cancelMany(ConfigurableApplicationContext consumer, Supplier<CompletableFuture<?>> calls)
			throws Exception {
		Deque<CompletableFuture<?>> running = new ArrayDeque<>();

		for (int i = 0; i < CALLS; i++) {
			running.add(calls.get());
			if (running.size() == AT_A_TIME) {
				running.remove().cancel(true);
			}
		}
		running.forEach((call) -> call.cancel(true));
		running.clear();

		await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
			assertThat(Pools.leased(consumer)).isZero();
			assertThat(objects()).isEmpty();
			assertThat(busyThreads()).isEmpty();
		});
	}

	/** The threads of callers that are still about a call. */
	private static List<String> busyThreads() {
		return Thread.getAllStackTraces()
			.entrySet()
			.stream()
			.filter((thread) -> thread.getKey().getName().matches("rpc-client-\\d+"))
			.filter((thread) -> Arrays.stream(thread.getValue())
				.anyMatch((frame) -> frame.getClassName().startsWith("dev.rpcboot.")))
			.map((thread) -> thread.getKey().getName())
			.toList();
	}

	/** The objects of calls that the garbage collector leaves. */
	private static Map<String, Long> objects() throws Exception {
		String histogram = (String) ManagementFactory.getPlatformMBeanServer()
			.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
					new Object[] { new String[0] }, new String[] { String[].class.getName() });
		Map<String, Long> counts = new TreeMap<>();
		histogram.lines().forEach((line) -> {
			Matcher matcher = COUNT.matcher(line);
			if (matcher.matches() && OF_A_CALL.matcher(matcher.group(2)).matches()) {
				counts.put(matcher.group(2), Long.parseLong(matcher.group(1)));
			}
		});
		return counts;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Consumer {

	}

}
