package dev.rpcboot.calls;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

import dev.rpcboot.call.RpcMetadata;
import dev.rpcboot.calls.Feed.AsFlux;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.RpcReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * On whose behalf the items of a stream are produced, from the first to the last.
 */
@Timeout(60)
class StreamCallerTests {

	private final Applications applications = new Applications();

	@AfterEach
	void stop() {
		this.applications.close();
	}

	@ParameterizedTest
	@CsvSource({ "SERVLET,flux", "SERVLET,stream", "SERVLET,iterator", "REACTIVE,flux", "REACTIVE,stream",
			"REACTIVE,iterator" })
	void producesEveryItemForItsCaller(WebApplicationType stack, String how) {
		ConfigurableApplicationContext providing = this.applications.provider(stack,
				(stack == WebApplicationType.SERVLET) ? ServletProvider.class : ReactiveProvider.class,
				"spring.autoconfigure.exclude=", "spring.security.user.name=joe",
				"spring.security.user.password=secret");
		AsFlux feed = this.applications
			.consumer(Consumer.class, "rpc.client.targets.feed.url=" + Applications.url(providing))
			.getBean(Consumer.class).feed;

		Flux<String> callers = RpcMetadata.of("tenant", "acme").call(() -> switch (how) {
			case "flux" -> feed.fluxCaller();
			case "stream" -> feed.streamCaller();
			default -> feed.iteratorCaller();
		});

		assertThat(callers.collectList().block(FeedTests.SOON)).containsExactly("joe of acme", "joe of acme");
	}

	@Configuration(proxyBeanMethods = false)
	@Import(FeedProvider.class)
	static class ServletProvider {

		@Bean
		SecurityFilterChain chain(HttpSecurity http) throws Exception {
			return http.csrf((csrf) -> csrf.disable()).httpBasic((basic) -> {
			}).authorizeHttpRequests((requests) -> requests.anyRequest().authenticated()).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(FeedProvider.class)
	static class ReactiveProvider {

		@Bean
		SecurityWebFilterChain chain(ServerHttpSecurity http) {
			return http.csrf((csrf) -> csrf.disable()).httpBasic((basic) -> {
			}).authorizeExchange((exchanges) -> exchanges.anyExchange().authenticated()).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Consumer {

		@RpcReference("feed")
		AsFlux feed;

		@Bean
		RpcClientInterceptor authenticating() {
			String joe = Base64.getEncoder().encodeToString("joe:secret".getBytes(StandardCharsets.UTF_8));
			return (request, chain) -> chain.proceed(request.withHeader("Authorization", "Basic " + joe));
		}

	}

}
