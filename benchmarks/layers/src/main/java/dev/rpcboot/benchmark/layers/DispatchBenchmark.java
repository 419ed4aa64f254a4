package dev.rpcboot.benchmark.layers;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.benchmark.OrderDesk;
import dev.rpcboot.benchmark.Orders;
import dev.rpcboot.server.Admission;
import dev.rpcboot.server.HttpAnswer;
import dev.rpcboot.server.RequestHead;
import dev.rpcboot.server.RequestHead.Header;
import dev.rpcboot.server.RpcDispatcher;
import dev.rpcboot.server.RpcService;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * All that a provider does with a request, but for the web server: from head and body to
 * the answer's bytes. The method itself does nothing.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
public class DispatchBenchmark {

	/** Each in turn; set by JMH. */
	@Param
	public Message message = Message.GREET;

	private final ConfigurableApplicationContext context;

	private final RpcDispatcher dispatcher;

	public DispatchBenchmark() {
		SpringApplication application = new SpringApplication(Provider.class);
		application.setDefaultProperties(Map.of("server.address", "127.0.0.1", "server.port", "0"));
		this.context = application.run();
		this.dispatcher = this.context.getBean(RpcDispatcher.class);
	}

	@TearDown
	public void close() {
		this.context.close();
	}

	@Benchmark
	public HttpAnswer dispatch() {
		// as many headers as a call of ours has
		RequestHead head = new RequestHead("POST", "/rpc/Orders",
				List.of(new Header("host", "127.0.0.1:8080"), new Header("content-type", "application/json"),
						new Header("accept", "application/json"), new Header("user-agent", "rpc-spring-boot"),
						new Header("connection", "keep-alive"), new Header("rpc-timeout-ms", "5000"),
						new Header("rpc-method", this.message.method), new Header("content-length", "60")));
		Admission.Admitted admitted = (Admission.Admitted) this.dispatcher.admit(head);
		HttpAnswer answer = this.dispatcher.dispatch(admitted, this.message.request, null, null)
			.toCompletableFuture()
			.join();
		if (answer.status() != 200) {
			throw new IllegalStateException("Answered with " + answer.status());
		}
		return answer;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Provider {

		@Bean
		@RpcService
		Orders orders() {
			return new OrderDesk();
		}

	}

}
