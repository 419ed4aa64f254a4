package dev.rpcboot.server;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.Execution;
import dev.rpcboot.call.InboundCall;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.JsonRpcError;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application may add: interceptors, resolvers of errors, observations.
 */
@Timeout(60)
class ExtensionTests {

	@ParameterizedTest
	@EnumSource(Stack.class)
	void interceptorsSeeCallsInOrderAndMayRefuseThem(Stack stack) {
		try (RunningServer server = RunningServer.open(stack, Extended.class)) {
			Extended application = server.bean(Extended.class);

			RawHttp.Answer passed = server.call("Echo", request("echo", "\"hi\""), "Rpc-Meta-Tenant", "blue");
			RawHttp.Answer refused = server.call("Echo", request("echo", "\"hi\""), "Rpc-Meta-Tenant", "none");

			assertThat(passed.text()).contains("\"result\":\"hi\"");
			assertThat(refused.status()).isEqualTo(429);
			assertThat(refused.text()).contains("\"executed\":\"no\"");
			assertThat(application.events).containsExactly("first Echo/echo [hi] blue", "second", "echo",
					"first Echo/echo [hi] none");
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void resolversAreAskedFirstButCannotPromiseThatNothingRan(Stack stack) {
		try (RunningServer server = RunningServer.open(stack, Extended.class)) {
			RawHttp.Answer answer = server.call("Echo", request("fail", ""), "Rpc-Meta-Tenant", "blue");

			assertThat(answer.header("Rpc-Status")).isEqualTo("OVERLOADED");
			assertThat(answer.text()).contains("\"executed\":\"unknown\"");
			assertThat(answer.status()).as("a proxy may repeat a 503").isEqualTo(500);
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void observesEveryCallWithFewKeys(Stack stack) {
		try (RunningServer server = RunningServer.open(stack, Extended.class)) {
			Extended application = server.bean(Extended.class);

			server.call("Echo", request("echo", "\"hi\""), "Rpc-Meta-Tenant", "blue");
			server.call("Echo", request("made-up", ""));
			server.call("Echo", request("echo", "1"));

			assertThat(application.observed).containsExactly(
					"rpc.server.call.duration Echo/echo error.type=none,rpc.method=Echo/echo,rpc.response.status=OK,rpc.system=jsonrpc",
					"rpc.server.call.duration _OTHER error.type=METHOD_NOT_FOUND,rpc.method=_OTHER,rpc.response.status=METHOD_NOT_FOUND,rpc.system=jsonrpc",
					"rpc.server.call.duration Echo/echo error.type=INVALID_ARGUMENT,rpc.method=Echo/echo,rpc.response.status=INVALID_ARGUMENT,rpc.system=jsonrpc");
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void answersWhateverAnObservationHandlerThrows(Stack stack) {
		try (RunningServer server = RunningServer.open(stack, Extended.class)) {
			server.bean(Extended.class).failing = true;

			RawHttp.Answer single = server.call("Echo", request("echo", "\"hi\""), "Rpc-Meta-Tenant", "blue");
			RawHttp.Answer async = server.call("Echo", request("later", "\"hi\""), "Rpc-Meta-Tenant", "blue");
			RawHttp.Answer batch = server.call("Echo",
					"[" + request("later", "\"hi\"") + "," + request("echo", "\"hi\"") + "]", "Rpc-Meta-Tenant",
					"blue");

			assertInternal(single);
			assertInternal(async);
			assertThat(batch.status()).isEqualTo(200);
			assertThat(batch.text().split("\"INTERNAL\"", -1)).hasSize(3);
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void answersWhateverAResolverThrows(Stack stack) {
		try (RunningServer server = RunningServer.open(stack, Extended.class)) {
			server.bean(Extended.class).failing = true;

			assertInternal(server.call("Echo", request("fail", ""), "Rpc-Meta-Tenant", "blue"));
		}
	}

	private static void assertInternal(RawHttp.Answer answer) {
		assertThat(answer.status()).isEqualTo(500);
		assertThat(answer.header("Rpc-Status")).isEqualTo("INTERNAL");
		assertThat(answer.text()).contains("\"traceId\"").contains("\"id\":1").doesNotContain("broken");
	}

	private static String request(String method, String argument) {
		return "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":[" + argument + "],\"id\":1}";
	}

	interface Echo {

		String echo(String text);

		void fail();

		CompletableFuture<String> later(String text);

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Extended {

		final Queue<String> events = new ConcurrentLinkedQueue<>();

		final Queue<String> observed = new ConcurrentLinkedQueue<>();

		volatile boolean failing;

		@Bean
		@RpcService
		Echo echo() {
			return new Echo() {

				@Override
				public String echo(String text) {
					Extended.this.events.add((InboundCall.current() != null) ? "echo" : "echo without deadline");
					return text;
				}

				@Override
				public void fail() {
					throw new UnsupportedOperationException();
				}

				@Override
				public CompletableFuture<String> later(String text) {
					return CompletableFuture.supplyAsync(() -> text,
							CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS));
				}

			};
		}

		@Bean
		@Order(2)
		RpcServerInterceptor second() {
			return (invocation, chain) -> {
				this.events.add("second");
				return chain.proceed(invocation);
			};
		}

		@Bean
		@Order(1)
		RpcServerInterceptor first() {
			return (invocation, chain) -> {
				String tenant = invocation.headers().first("rpc-meta-tenant");
				this.events.add("first " + invocation + " " + invocation.arguments() + " " + tenant);
				if ("none".equals(tenant)) {
					throw new RpcCallException(JsonRpcError.of(RpcStatus.RATE_LIMITED));
				}
				return chain.proceed(invocation);
			};
		}

		@Bean
		RpcErrorResolver resolver() {
			return (failure, invocation) -> {
				if (this.failing) {
					throw new AssertionError("broken resolver");
				}
				return (failure instanceof UnsupportedOperationException)
						? JsonRpcError.of(RpcStatus.OVERLOADED).withExecution(Execution.NOT_EXECUTED) : null;
			};
		}

		@Bean
		ObservationRegistry observationRegistry() {
			ObservationRegistry registry = ObservationRegistry.create();
			registry.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {

				@Override
				public void onStop(Observation.Context context) {
					if (Extended.this.failing && context.getName().startsWith("rpc.")) {
						throw new AssertionError("broken handler");
					}
					if (context.getName().startsWith("rpc.")) {
						StringBuilder keys = new StringBuilder();
						for (KeyValue key : context.getLowCardinalityKeyValues()) {
							keys.append((keys.length() > 0) ? "," : "").append(key.getKey() + "=" + key.getValue());
						}
						Extended.this.observed.add(context.getName() + " " + context.getContextualName() + " " + keys);
					}
				}

				@Override
				public boolean supportsContext(Observation.Context context) {
					return true;
				}

			});
			return registry;
		}

	}

}
