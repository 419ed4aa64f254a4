package dev.rpcboot.server;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;

import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.RpcUnavailableException.Reason;
import dev.rpcboot.call.InboundCall;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a method learns of the attempt and of the importance of the call that it serves,
 * and what its caller learns of those that it makes.
 */
@Timeout(60)
class InboundMarksTests {

	private static final String JOE = "Basic "
			+ Base64.getEncoder().encodeToString("joe:secret".getBytes(StandardCharsets.US_ASCII));

	@ParameterizedTest
	@CsvSource({ "SERVLET,2,true", "SERVLET,10,true", "SERVLET,1,false", "SERVLET,0,false", "SERVLET,-2,false",
			"SERVLET,two,false", "REACTIVE,2,true", "REACTIVE,1,false" })
	void knowsARepetition(Stack stack, String attempt, boolean repeated) {
		try (RunningServer server = server(stack)) {
			RawHttp.Answer answer = server.call("Marks", request("read"), "Rpc-Attempt", attempt);

			assertThat(answer.text()).contains("\"result\":\"" + repeated + " CRITICAL\"");
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void believesTheImportanceOfACallFromACallerThatIsKnown(Stack stack) {
		try (RunningServer server = server(stack)) {
			RawHttp.Answer known = server.call("Marks", request("read"), "Rpc-Criticality", "sheddable",
					"Authorization", JOE);
			RawHttp.Answer anonymous = server.call("Marks", request("read"), "Rpc-Criticality", "critical_plus");
			RawHttp.Answer nonsense = server.call("Marks", request("read"), "Rpc-Criticality", "SHEDDABLE",
					"Authorization", JOE);

			assertThat(known.text()).contains("\"result\":\"false SHEDDABLE\"");
			assertThat(anonymous.text()).contains("\"result\":\"false CRITICAL\"");
			assertThat(nonsense.text()).contains("\"result\":\"false CRITICAL\"");
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void asksNotToTryAgainWhereACallFurtherOnWasRefusedForGood(Stack stack) {
		try (RunningServer server = server(stack)) {
			RawHttp.Answer refused = server.call("Marks", request("ask"));
			RawHttp.Answer broken = server.call("Marks", request("fail"));

			assertThat(refused.header("Rpc-Status")).isEqualTo("INTERNAL");
			assertThat(refused.text()).contains("\"retry\":\"never\"");
			assertThat(broken.header("Rpc-Status")).isEqualTo("INTERNAL");
			assertThat(broken.text()).doesNotContain("\"retry\"");
		}
	}

	private static RunningServer server(Stack stack) {
		return RunningServer.secured(stack,
				(stack == Stack.SERVLET) ? ServletApplication.class : ReactiveApplication.class,
				"spring.security.user.name=joe", "spring.security.user.password=secret");
	}

	private static String request(String method) {
		return "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"id\":1}";
	}

	interface Marks {

		String read();

		void ask();

		void fail();

	}

	@RpcService
	static class MarksBean implements Marks {

		@Override
		public String read() {
			InboundCall call = Objects.requireNonNull(InboundCall.current());
			return call.isRepeated() + " " + call.criticality();
		}

		@Override
		public void ask() {
			throw new IllegalStateException(new RpcUnavailableException("busy", Reason.OVERLOADED, null));
		}

		@Override
		public void fail() {
			throw new IllegalStateException("broken");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class ServletApplication {

		@Bean
		MarksBean marks() {
			return new MarksBean();
		}

		@Bean
		SecurityFilterChain chain(HttpSecurity http) throws Exception {
			return http.csrf((csrf) -> csrf.disable()).httpBasic((basic) -> {
			}).authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class ReactiveApplication {

		@Bean
		MarksBean marks() {
			return new MarksBean();
		}

		@Bean
		SecurityWebFilterChain chain(ServerHttpSecurity http) {
			return http.csrf((csrf) -> csrf.disable()).httpBasic((basic) -> {
			}).authorizeExchange((exchanges) -> exchanges.anyExchange().permitAll()).build();
		}

	}

}
