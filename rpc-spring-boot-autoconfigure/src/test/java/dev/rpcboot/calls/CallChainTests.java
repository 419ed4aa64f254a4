package dev.rpcboot.calls;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.rpcboot.RpcRemoteException;
import dev.rpcboot.call.InboundCall;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.client.RpcAttemptInterceptor;
import dev.rpcboot.client.RpcReference;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;
import dev.rpcboot.jsonrpc.JsonRpcError;
import dev.rpcboot.server.RpcCallException;
import dev.rpcboot.server.RpcInvocation;
import dev.rpcboot.server.RpcServerInterceptor;
import dev.rpcboot.server.RpcService;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the hops of a chain of calls know of the attempts before them, on both web stacks.
 */
@ParameterizedClass
@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
@Timeout(60)
class CallChainTests {

	private static Applications applications;

	private static Root root;

	private static Gate leaf;

	@Parameter
	WebApplicationType stack;

	@BeforeParameterizedClassInvocation
	static void start(WebApplicationType stack) {
		applications = new Applications();
		ConfigurableApplicationContext last = applications.provider(stack, Provider.class);
		leaf = last.getBean(Gate.class);
		ConfigurableApplicationContext middle = applications.provider(stack, Relay.class, next(last));
		ConfigurableApplicationContext first = applications.provider(stack, Relay.class, next(middle));
		root = applications.consumer(Root.class, next(first)).getBean(Root.class);
	}

	private static String next(ConfigurableApplicationContext provider) {
		return "rpc.client.targets.next.url=" + Applications.url(provider);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		applications.close();
	}

	@BeforeEach
	void reset() {
		root.attempt = 1;
		leaf.refuses = false;
		leaf.attempts.clear();
	}

	@Test
	void everyHopKnowsThatAFirstAttemptIsOne() {
		assertThat(root.next.visit(3)).isEqualTo("first first first");
	}

	@Test
	void everyHopKnowsThatARepetitionIsOne() {
		root.attempt = 2;

		assertThat(root.next.visit(3)).isEqualTo("repeated repeated repeated");
	}

	@Test
	void onlyTheHopBeforeTheOneThatFailsRepeatsItsCall() {
		leaf.refuses = true;

		assertThatExceptionOfType(RpcRemoteException.class).isThrownBy(() -> root.next.visit(3))
			.satisfies((ex) -> assertThat(ex.isRetryable()).isFalse());
		assertThat(leaf.attempts).containsExactly("1", "2", "3");
	}

	@Test
	void noHopRepeatsACallThatIsMadeForARepetition() {
		leaf.refuses = true;
		root.attempt = 2;

		assertThatExceptionOfType(RpcRemoteException.class).isThrownBy(() -> root.next.visit(3));
		assertThat(leaf.attempts).containsExactly("2");
	}

	interface Hop {

		String visit(int further);

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Root implements RpcAttemptInterceptor {

		@RpcReference("next")
		Hop next;

		int attempt = 1;

		@Override
		public CompletableFuture<RpcResponse> intercept(RpcRequest request, Chain chain) {
			return chain.proceed((this.attempt > 1) ? request.withAttempt(this.attempt) : request);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Provider {

		@Bean
		@RpcService
		Hop hop() {
			return (further) -> mark();
		}

		@Bean
		Gate gate() {
			return new Gate();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Relay {

		@Bean
		@RpcService
		Hop hop(@RpcReference("next") Hop next) {
			return (further) -> mark() + " " + next.visit(further - 1);
		}

	}

	private static String mark() {
		return Objects.requireNonNull(InboundCall.current()).isRepeated() ? "repeated" : "first";
	}

	/** Lets calls in, or refuses them as an overloaded server does. */
	static class Gate implements RpcServerInterceptor {

		final List<String> attempts = new CopyOnWriteArrayList<>();

		volatile boolean refuses;

		@Override
		public CompletionStage<Object> intercept(RpcInvocation invocation, Chain chain) {
			String attempt = invocation.headers().first(RpcHeaders.ATTEMPT);
			this.attempts.add((attempt != null) ? attempt : "1");
			if (this.refuses) {
				throw new RpcCallException(JsonRpcError.of(RpcStatus.OVERLOADED));
			}
			return chain.proceed(invocation);
		}

	}

}
