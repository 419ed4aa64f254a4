package dev.rpcboot.calls;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import dev.rpcboot.call.InboundCall;
import dev.rpcboot.call.RpcMetadata;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.RpcReference;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.server.CallObserver;
import dev.rpcboot.server.RpcService;
import dev.rpcboot.server.interceptor.InboundCallAccessor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What travels beside the arguments, and what does not, on both web stacks.
 */
@ParameterizedClass
@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
@Timeout(60)
class MetadataTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static Applications applications;

	private static Consumer consumer;

	private static Tenants tenants;

	private static TenantsBean provider;

	@Parameter
	WebApplicationType stack;

	@BeforeParameterizedClassInvocation
	static void start(WebApplicationType stack) {
		applications = new Applications();
		ConfigurableApplicationContext providing = applications.provider(stack, Provider.class);
		provider = providing.getBean(TenantsBean.class);
		ConfigurableApplicationContext consuming = applications.consumer(Consumer.class,
				"rpc.client.targets.tenants.url=" + Applications.url(providing));
		consumer = consuming.getBean(Consumer.class);
		tenants = consumer.tenants;
		// as an application that calls another one
		provider.downstream = tenants;
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		applications.close();
	}

	@BeforeEach
	void reset() {
		consumer.change = UnaryOperator.identity();
	}

	@Test
	void isThereInTheMethodForTheCallsOfTheActionAlone() {
		String within = RpcMetadata.of("Tenant", "acme").call(() -> tenants.current());
		String after = tenants.current();

		assertThat(within).isEqualTo("acme");
		assertThat(after).isEqualTo("none");
		assertThat(RpcMetadata.outbound().names()).isEmpty();
	}

	@Test
	void reachesMethodsOfEveryReturnType() {
		RpcMetadata acme = RpcMetadata.of("tenant", "acme");

		CompletableFuture<String> later = acme.call(() -> tenants.later());
		Mono<String> reactive = acme.call(() -> tenants.reactive());

		assertThat(later).succeedsWithin(SOON).isEqualTo("acme");
		// subscribed to elsewhere and twice, long after the action
		assertThat(reactive.block(SOON)).isEqualTo("acme");
		assertThat(reactive.subscribeOn(Schedulers.boundedElastic()).block(SOON)).isEqualTo("acme");
		assertThat(tenants.reactive().block(SOON)).isEqualTo("none");
		Flux<String> stream = acme.call(() -> tenants.stream());
		assertThat(stream.collectList().block(SOON)).containsExactly("acme", "acme");
		assertThat(tenants.stream().collectList().block(SOON)).containsExactly("none", "none");
	}

	@Test
	void canBeSeenAndChangedByInterceptors() {
		List<String> seen = new ArrayList<>();
		consumer.change = (request) -> {
			seen.add(request.metadata().toString());
			return request.withMetadata("tenant", request.metadata().get("tenant") + "!");
		};

		String changed = RpcMetadata.of("tenant", "acme").call(() -> tenants.current());

		assertThat(seen).containsExactly("[tenant]");
		assertThat(changed).isEqualTo("acme!");
	}

	@Test
	void isRefusedBeforeSendingWhereItIsNoneOrTooMuch() {
		int before = provider.calls.size();
		consumer.change = (request) -> request.withHeader("Rpc-Meta-Authorization", "Bearer x");
		assertThatIllegalArgumentException().isThrownBy(() -> tenants.current()).withMessageContaining("authorization");
		consumer.change = (request) -> request.withMetadata("cookie", "x");
		assertThatIllegalArgumentException().isThrownBy(() -> tenants.current()).withMessageContaining("cookie");
		consumer.change = (request) -> request.withMetadata("more", "x".repeat(5000));

		assertThatIllegalArgumentException()
			.isThrownBy(() -> RpcMetadata.of("tenant", "x".repeat(5000)).run(() -> tenants.current()))
			.withMessageContaining("8192");
		assertThat(provider.calls).hasSize(before);
	}

	@Test
	void isNotSentOnWithCallsMadeMeanwhileUnlessTheMethodSaysSo() {
		RpcMetadata metadata = RpcMetadata.of("tenant", "acme").and("locale", "de");

		assertThat(metadata.call(() -> tenants.ask(false))).isEqualTo("none");
		assertThat(metadata.call(() -> tenants.ask(true))).isEqualTo("acme");
	}

	@Test
	void isEachCallsOwnWhateverHappensAtTheSameTime() throws Exception {
		int calls = 100;
		provider.barrier = new CyclicBarrier(20);
		ExecutorService callers = Executors.newFixedThreadPool(20);
		try {
			List<Future<String>> results = new ArrayList<>();
			for (int i = 0; i < calls; i++) {
				String tenant = "t" + i;
				results.add(callers.submit(() -> RpcMetadata.of("tenant", tenant).call(() -> tenants.meet())));
			}
			for (int i = 0; i < calls; i++) {
				assertThat(results.get(i).get(30, TimeUnit.SECONDS)).isEqualTo("t" + i);
			}
			List<CompletableFuture<String>> futures = new ArrayList<>();
			for (int i = 0; i < calls; i++) {
				futures.add(RpcMetadata.of("tenant", "f" + i).call(() -> tenants.later()));
			}
			for (int i = 0; i < calls; i++) {
				assertThat(futures.get(i)).succeedsWithin(SOON).isEqualTo("f" + i);
			}

			// all the threads again
			CountDownLatch all = new CountDownLatch(20);
			List<Future<String>> clean = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				clean.add(callers.submit(() -> {
					all.countDown();
					all.await(10, TimeUnit.SECONDS);
					return RpcMetadata.outbound().names() + tenants.meet();
				}));
			}
			for (Future<String> one : clean) {
				assertThat(one.get(30, TimeUnit.SECONDS)).isEqualTo("[]none");
			}
			assertThat(provider.leftovers).isEmpty();
		}
		finally {
			callers.shutdownNow();
		}
	}

	interface Tenants {

		String current();

		CompletableFuture<String> later();

		Mono<String> reactive();

		Flux<String> stream();

		String ask(boolean passOn);

		String meet();

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Consumer {

		@RpcReference("tenants")
		Tenants tenants;

		volatile UnaryOperator<RpcRequest> change = UnaryOperator.identity();

		@Bean
		RpcClientInterceptor changing() {
			return (request, chain) -> chain.proceed(this.change.apply(request));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Provider {

		@Bean
		@RpcService
		TenantsBean tenants() {
			return new TenantsBean();
		}

		@Bean
		CallObserver threadsBeforeTheirCall(TenantsBean tenants) {
			return (method, headers, call) -> {
				if (InboundCall.current() != null) {
					tenants.leftovers.add(method);
				}
				return call.get();
			};
		}

	}

	static class TenantsBean implements Tenants {

		final List<String> calls = Collections.synchronizedList(new ArrayList<>());

		final List<String> leftovers = Collections.synchronizedList(new ArrayList<>());

		volatile Tenants downstream;

		volatile CyclicBarrier barrier;

		private String tenant(InboundCall call) {
			String tenant = call.metadata().get("tenant");
			this.calls.add("call");
			return (tenant != null) ? tenant : "none";
		}

		@Override
		public String current() {
			return tenant(InboundCall.current());
		}

		@Override
		public CompletableFuture<String> later() {
			InboundCall call = InboundCall.current();
			return CompletableFuture.supplyAsync(() -> (InboundCall.current() == null) ? tenant(call) : "leaked",
					CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS));
		}

		@Override
		public Mono<String> reactive() {
			return Mono.deferContextual((context) -> Mono.just(context.<InboundCall>get(InboundCallAccessor.KEY)))
				.publishOn(Schedulers.parallel())
				.map(this::tenant);
		}

		@Override
		public Flux<String> stream() {
			return reactive().repeat(1);
		}

		@Override
		public String ask(boolean passOn) {
			RpcMetadata inbound = InboundCall.current().metadata();
			return passOn ? inbound.only("tenant").call(this.downstream::current) : this.downstream.current();
		}

		@Override
		public String meet() {
			String before = current();
			try {
				this.barrier.await(10, TimeUnit.SECONDS);
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
			return before.equals(current()) ? before : "mixed up";
		}

	}

}
