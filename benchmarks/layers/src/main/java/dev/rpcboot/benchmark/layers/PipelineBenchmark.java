package dev.rpcboot.benchmark.layers;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.Idempotency;
import dev.rpcboot.RpcContract;
import dev.rpcboot.RpcMethod;
import dev.rpcboot.client.RpcReference;
import dev.rpcboot.client.RpcTransport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A whole call of a reference with all stages that are on by default, but for the
 * network.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
public class PipelineBenchmark {

	private final ConfigurableApplicationContext context = start(true);

	private final ConfigurableApplicationContext unobservedContext = start(false);

	private final Consumer consumer = this.context.getBean(Consumer.class);

	private final Consumer unobserved = this.unobservedContext.getBean(Consumer.class);

	private static ConfigurableApplicationContext start(boolean observed) {
		SpringApplication application = new SpringApplication(Consumer.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		String instances = "spring.cloud.discovery.client.simple.instances.";
		String cache = "rpc.client.targets.cached.methods.Greeter.safe.cache.";
		application.setDefaultProperties(Map.of(instances + "plain[0].uri", "http://127.0.0.1:1",
				instances + "cached[0].uri", "http://127.0.0.1:1", cache + "ttl", "1h", cache + "scope", "shared",
				"management.observations.enable.rpc.client", observed));
		return application.run();
	}

	@TearDown
	public void close() {
		this.context.close();
		this.unobservedContext.close();
	}

	@Benchmark
	public String blocking() {
		return this.consumer.plain.unmarked("world");
	}

	/** What is left without Micrometer's timers, which are on by default. */
	@Benchmark
	public String blockingWithoutObservation() {
		return this.unobserved.plain.unmarked("world");
	}

	/** May be repeated, and therefore hedged. */
	@Benchmark
	public String blockingOfSafeMethod() {
		return this.consumer.plain.safe("world");
	}

	@Benchmark
	public String async() {
		return this.consumer.plain.async("world").join();
	}

	@Benchmark
	public String cacheHit() {
		return this.consumer.cached.safe("world");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Consumer {

		private final Greeter plain;

		private final Greeter cached;

		Consumer(@RpcReference("plain") Greeter plain, @RpcReference("cached") Greeter cached) {
			this.plain = plain;
			this.cached = cached;
		}

		@Bean
		static RpcTransport rpcTransport() {
			return new PreparedTransport();
		}

	}

	/**
	 * A method of each kind.
	 */
	@RpcContract("Greeter")
	interface Greeter {

		String unmarked(String name);

		@RpcMethod(idempotency = Idempotency.SAFE)
		String safe(String name);

		CompletableFuture<String> async(String name);

	}

}
