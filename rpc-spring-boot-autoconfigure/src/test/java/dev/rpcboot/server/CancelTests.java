package dev.rpcboot.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.RpcContract;
import dev.rpcboot.RpcMethod;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The notification {@code rpc.cancel}, as any client may send it.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class CancelTests {

	private static final String ID = "0123456789abcdefghij";

	/** What a test leaves running is not waited for. */
	private static final String[] QUICK = { "server.shutdown=immediate", "rpc.server.warn-if-unauthenticated=false" };

	@ParameterizedTest
	@CsvSource({ "SERVLET,mono", "SERVLET,future", "SERVLET,interruptible", "REACTIVE,mono", "REACTIVE,future",
			"REACTIVE,interruptible" })
	void endsTheCallOfThatId(Stack stack, String method, CapturedOutput log) {
		try (RunningServer server = RunningServer.open(stack, OpenKiln.class, QUICK)) {
			Kiln kiln = server.bean(Kiln.class);
			CompletableFuture<RawHttp.Answer> call = start(server, request(method, "a"));
			awaitStart(kiln, "a");

			RawHttp.Answer cancelled = server.call("Kiln", cancel("[\"" + ID + "\"]"));

			assertThat(cancelled.status()).isEqualTo(204);
			assertThat(call).succeedsWithin(Duration.ofSeconds(10)).satisfies((answer) -> {
				assertThat(answer.status()).isEqualTo(499);
				assertThat(answer.header("Rpc-Status")).isEqualTo("CANCELLED");
				assertThat(answer.text()).contains("-32001").contains("\"executed\":\"unknown\"");
			});
			await().atMost(Duration.ofSeconds(10)).until(() -> kiln.ended.contains("a"));
			assertThat(server.bean(RpcDispatcher.class).cancellable()).isZero();
			assertThat(log).doesNotContain(" WARN ").doesNotContain(" ERROR ");
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void isUnderstoodByNameAndInABatch(Stack stack) {
		try (RunningServer server = RunningServer.open(stack, OpenKiln.class, QUICK)) {
			Kiln kiln = server.bean(Kiln.class);
			CompletableFuture<RawHttp.Answer> call = start(server, request("mono", "a"));
			awaitStart(kiln, "a");

			RawHttp.Answer answer = server.call("Kiln",
					"[" + cancel("{\"id\":\"" + ID + "\"}") + "," + request("quick", "b") + "]");

			assertThat(answer.text()).isEqualTo("[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"b\"}]");
			assertThat(call).succeedsWithin(Duration.ofSeconds(10)).returns(499, RawHttp.Answer::status);
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void endsAWholeBatchAndStartsNothingMoreOfIt(Stack stack) {
		try (RunningServer server = RunningServer.open(stack, OpenKiln.class, "rpc.server.batch.concurrency=2",
				"server.shutdown=immediate")) {
			Kiln kiln = server.bean(Kiln.class);
			CompletableFuture<RawHttp.Answer> batch = start(server, "[" + request("interruptible", "a") + ","
					+ request("interruptible", "b") + "," + request("quick", "c") + "]");
			awaitStart(kiln, "a");
			awaitStart(kiln, "b");

			server.call("Kiln", cancel("[\"" + ID + "\"]"));

			assertThat(batch).succeedsWithin(Duration.ofSeconds(10)).satisfies((answer) -> {
				assertThat(answer.status()).isEqualTo(200);
				assertThat(answer.text().split("CANCELLED", -1)).hasSize(4);
				assertThat(answer.text()).contains("\"executed\":\"no\"");
			});
			assertThat(kiln.started).containsExactlyInAnyOrder("a", "b");
			assertThat(kiln.ended).containsExactlyInAnyOrder("a", "b");
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void isNoMethodThatAnswers(Stack stack) {
		try (RunningServer server = RunningServer.open(stack, OpenKiln.class, QUICK)) {
			RawHttp.Answer answer = server.call("Kiln",
					"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.cancel\",\"params\":[\"" + ID + "\"]}");

			assertThat(answer.header("Rpc-Status")).isEqualTo("METHOD_NOT_FOUND");
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void tellsNobodyWhetherThereIsSuchACall(Stack stack) {
		try (RunningServer server = RunningServer.open(stack, OpenKiln.class, QUICK)) {
			Kiln kiln = server.bean(Kiln.class);
			start(server, request("mono", "a"));
			awaitStart(kiln, "a");

			for (String params : new String[] { "[\"0123456789abcdefghiX\"]", "[]", "{}", "[1]", "[\"" + ID + "\",1]",
					"{\"name\":\"" + ID + "\"}", "[[\"" + ID + "\"]]" }) {
				RawHttp.Answer answer = server.call("Kiln", cancel(params));
				assertThat(answer.status()).as(params).isEqualTo(204);
			}

			assertThat(kiln.ended).isEmpty();
			assertThat(server.bean(RpcDispatcher.class).cancellable()).isOne();
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void doesNothingToACallThatHasEnded(Stack stack) {
		try (RunningServer server = RunningServer.open(stack, OpenKiln.class, QUICK)) {
			RawHttp.Answer first = server.call("Kiln", request("quick", "a"), "Rpc-Call-Id", ID);
			RawHttp.Answer cancelled = server.call("Kiln", cancel("[\"" + ID + "\"]"));
			RawHttp.Answer second = server.call("Kiln", request("quick", "b"), "Rpc-Call-Id", ID + "k");

			assertThat(first.status()).isEqualTo(200);
			assertThat(cancelled.status()).isEqualTo(204);
			assertThat(second.status()).isEqualTo(200);
			assertThat(server.bean(RpcDispatcher.class).cancellable()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void endsACallThatItHasOvertaken(Stack stack) {
		try (RunningServer server = RunningServer.open(stack, OpenKiln.class, QUICK)) {
			server.call("Kiln", cancel("[\"" + ID + "\"]"));

			RawHttp.Answer overtaken = server.call("Kiln", request("mono", "a"), "Rpc-Call-Id", ID);

			assertThat(overtaken.status()).isEqualTo(499);
			assertThat(overtaken.text()).contains("-32001").contains("\"executed\":\"no\"");
			assertThat(server.bean(Kiln.class).started).isEmpty();
			assertThat(server.bean(RpcDispatcher.class).cancellable()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void reachesTheFirstOfTwoCallsWithOneId(Stack stack) {
		try (RunningServer server = RunningServer.open(stack, OpenKiln.class, QUICK)) {
			Kiln kiln = server.bean(Kiln.class);
			start(server, request("mono", "a"));
			awaitStart(kiln, "a");
			start(server, request("mono", "b"));
			awaitStart(kiln, "b");

			server.call("Kiln", cancel("[\"" + ID + "\"]"));
			server.call("Kiln", cancel("[\"" + ID + "\"]"));

			await().atMost(Duration.ofSeconds(10)).until(() -> kiln.ended.contains("a"));
			assertThat(kiln.ended).doesNotContain("b");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "short", "012345678901234567890123456789012345678901234567890123456789abcde",
			"0123456789 abcdefghij" })
	void refusesAMalformedId(String id) {
		try (RunningServer server = RunningServer.open(Stack.SERVLET, OpenKiln.class, QUICK)) {
			RawHttp.Answer answer = server.call("Kiln", request("quick", "a"), "Rpc-Call-Id", id);

			assertThat(answer.status()).isEqualTo(400);
			assertThat(answer.header("Rpc-Status")).isEqualTo("INVALID_REQUEST");
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void reachesTheCallsOfTheSameCallerAlone(Stack stack) {
		Class<?> application = (stack == Stack.SERVLET) ? ServletKiln.class : ReactiveKiln.class;
		try (RunningServer server = RunningServer.secured(stack, application, QUICK)) {
			Kiln kiln = server.bean(Kiln.class);
			CompletableFuture<RawHttp.Answer> call = start(server, request("mono", "a"), "Authorization", user("joe"));
			awaitStart(kiln, "a");

			RawHttp.Answer anonymous = server.call("Kiln", cancel("[\"" + ID + "\"]"));
			RawHttp.Answer other = server.call("Kiln", cancel("[\"" + ID + "\"]"), "Authorization", user("eve"));

			assertThat(anonymous.status()).isEqualTo(401);
			assertThat(other.status()).isEqualTo(204);
			assertThat(server.bean(RpcDispatcher.class).cancellable()).isOne();
			assertThat(kiln.ended).isEmpty();

			server.call("Kiln", cancel("[\"" + ID + "\"]"), "Authorization", user("joe"));

			assertThat(call).succeedsWithin(Duration.ofSeconds(10)).returns(499, RawHttp.Answer::status);
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void isNotWhatABeanMeansThatGivesUpItself(Stack stack, CapturedOutput log) {
		try (RunningServer server = RunningServer.open(stack, OpenKiln.class, QUICK)) {
			RawHttp.Answer answer = server.call("Kiln", request("givesUp", "a"));

			assertThat(answer.header("Rpc-Status")).isEqualTo("INTERNAL");
			assertThat(log).contains("Kiln/givesUp failed").contains("CancellationException");
		}
	}

	private static CompletableFuture<RawHttp.Answer> start(RunningServer server, String body, String... headers) {
		String[] all = Arrays.copyOf(headers, headers.length + 2);
		all[headers.length] = "Rpc-Call-Id";
		all[headers.length + 1] = ID;
		return CompletableFuture.supplyAsync(() -> server.call("Kiln", body, all), (task) -> {
			Thread thread = new Thread(task);
			thread.setDaemon(true);
			thread.start();
		}).exceptionally((failure) -> null);
	}

	private static void awaitStart(Kiln kiln, String job) {
		await().atMost(Duration.ofSeconds(10)).until(() -> kiln.started.contains(job));
	}

	private static String request(String method, String argument) {
		return "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":[\"" + argument + "\"],\"id\":1}";
	}

	private static String cancel(String params) {
		return "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.cancel\",\"params\":" + params + "}";
	}

	private static String user(String name) {
		return "Basic " + Base64.getEncoder().encodeToString((name + ":secret").getBytes(StandardCharsets.UTF_8));
	}

	@RpcContract("Kiln")
	interface Firing {

		Mono<String> mono(String job);

		CompletableFuture<String> future(String job);

		@RpcMethod(interruptible = true)
		String interruptible(String job) throws InterruptedException;

		String quick(String job);

		CompletableFuture<String> givesUp(String job);

	}

	static class Kiln implements Firing {

		final Set<String> started = ConcurrentHashMap.newKeySet();

		final Set<String> ended = ConcurrentHashMap.newKeySet();

		@Override
		public Mono<String> mono(String job) {
			return Mono.<String>never()
				.doOnSubscribe((subscription) -> this.started.add(job))
				.doOnCancel(() -> this.ended.add(job));
		}

		@Override
		public CompletableFuture<String> future(String job) {
			CompletableFuture<String> future = new CompletableFuture<>();
			future.whenComplete((result, failure) -> this.ended.add(job));
			this.started.add(job);
			return future;
		}

		@Override
		public String interruptible(String job) throws InterruptedException {
			this.started.add(job);
			try {
				new CountDownLatch(1).await(30, TimeUnit.SECONDS);
				return job;
			}
			finally {
				this.ended.add(job);
			}
		}

		@Override
		public String quick(String job) {
			return job;
		}

		@Override
		public CompletableFuture<String> givesUp(String job) {
			CompletableFuture<String> future = new CompletableFuture<>();
			future.cancel(false);
			return future;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class OpenKiln {

		@Bean
		@RpcService
		Kiln kiln() {
			return new Kiln();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class ServletKiln {

		@Bean
		@RpcService
		Kiln kiln() {
			return new Kiln();
		}

		@Bean
		InMemoryUserDetailsManager users() {
			return new InMemoryUserDetailsManager(known("joe"), known("eve"));
		}

		@Bean
		SecurityFilterChain chain(HttpSecurity http) throws Exception {
			return http.csrf((csrf) -> csrf.disable())
				.sessionManagement((session) -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
				.httpBasic((basic) -> {
				})
				.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class ReactiveKiln {

		@Bean
		@RpcService
		Kiln kiln() {
			return new Kiln();
		}

		@Bean
		MapReactiveUserDetailsService users() {
			return new MapReactiveUserDetailsService(known("joe"), known("eve"));
		}

		@Bean
		SecurityWebFilterChain chain(ServerHttpSecurity http) {
			return http.csrf((csrf) -> csrf.disable()).httpBasic((basic) -> {
			}).authorizeExchange((exchanges) -> exchanges.anyExchange().authenticated()).build();
		}

	}

	private static UserDetails known(String name) {
		return User.withUsername(name).password("{noop}secret").roles("USER").build();
	}

}
