package dev.rpcboot.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import jakarta.validation.constraints.NotBlank;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.validation.annotation.Validated;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The endpoint beside Spring Security, and beans behind Spring's proxies.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class SecurityTests {

	private static final String[] USERS = { "spring.security.user.name=joe", "spring.security.user.password=secret",
			"spring.security.user.roles=CLERK" };

	@ParameterizedTest
	@EnumSource(Stack.class)
	void isClosedByTheDefaultChain(Stack stack, CapturedOutput log) {
		try (RunningServer server = RunningServer.secured(stack, SpecApplication.class)) {
			RawHttp.Answer answer = server.call("spec", "{\"jsonrpc\":\"2.0\",\"method\":\"get_data\",\"id\":1}");

			assertThat(answer.status()).isIn(401, 403);
			assertThat(answer.text()).doesNotContain("hello");
			assertThat(log).doesNotContain("without authentication");
		}
	}

	@ParameterizedTest
	@CsvSource({ "SERVLET,true", "SERVLET,false", "REACTIVE,true", "REACTIVE,false" })
	void callsGoThroughTheBeansProxy(Stack stack, boolean subclassing) {
		try (RunningServer server = server(stack, subclassing)) {
			RawHttp.Answer allowed = server.call("Vault", request("open", "\"blue\""), "Authorization", joe());
			RawHttp.Answer denied = server.call("Vault", request("destroy", "\"blue\""), "Authorization", joe());
			RawHttp.Answer invalid = server.call("Vault", request("open", "\"\""), "Authorization", joe());
			RawHttp.Answer anonymous = server.call("Vault", request("open", "\"blue\""));

			assertThat(allowed.text()).contains("\"result\":\"joe opened blue in a transaction\"");
			assertThat(denied.status()).isEqualTo(403);
			assertThat(denied.header("Rpc-Status")).isEqualTo("PERMISSION_DENIED");
			assertThat(denied.text()).contains("-32007").contains("\"executed\":\"unknown\"");
			assertThat(invalid.header("Rpc-Status")).isEqualTo("INVALID_ARGUMENT");
			assertThat(invalid.text()).contains("\"path\":\"color\"");
			assertThat(anonymous.status()).isEqualTo(401);
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void carriesTheCallerToEveryEntryOfABatch(Stack stack) {
		try (RunningServer server = server(stack, true)) {
			String entries = String.join(",", Collections.nCopies(20, request("open", "\"blue\"")));

			RawHttp.Answer answer = server.call("Vault", "[" + entries + "]", "Authorization", joe());

			assertThat(answer.text().split("joe opened blue", -1)).hasSize(21);
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void goesOnWithABatchUnderItsCallersIdentityWhoeverCompletesAnEntry(Stack stack) {
		try (RunningServer server = RunningServer.open(stack, OpenVault.class, "rpc.server.batch.concurrency=1")) {
			String batch = "[" + request("later", "") + "," + request("caller", "") + "]";

			RawHttp.Answer answer = server.call("Vault", batch);

			assertThat(answer.text()).contains("\"result\":\"completed by admin\"")
				.contains("\"result\":\"called by nobody\"");
		}
	}

	@Test
	void warnsOnceWhenNothingAuthenticates(CapturedOutput log) {
		RunningServer.open(Stack.SERVLET, SpecApplication.class).close();

		assertThat(log.getAll().split("exported without authentication", -1)).hasSize(2);
	}

	@Test
	void doesNotWarnWhenToldNotTo(CapturedOutput log) {
		RunningServer.open(Stack.SERVLET, SpecApplication.class, "rpc.server.warn-if-unauthenticated=false").close();

		assertThat(log).doesNotContain("without authentication");
	}

	private static RunningServer server(Stack stack, boolean subclassing) {
		Class<?> application = (stack == Stack.SERVLET) ? ServletVault.class : ReactiveVault.class;
		List<String> properties = new ArrayList<>(List.of(USERS));
		properties.add("spring.aop.proxy-target-class=" + subclassing);
		return RunningServer.secured(stack, application, properties.toArray(String[]::new));
	}

	private static String request(String method, String argument) {
		return "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":[" + argument + "],\"id\":1}";
	}

	private static String joe() {
		return "Basic " + Base64.getEncoder().encodeToString("joe:secret".getBytes(StandardCharsets.UTF_8));
	}

	interface Vault {

		String open(@NotBlank String color);

		void destroy(String color);

		CompletableFuture<String> later();

		String caller();

	}

	@RpcService
	@Validated
	static class VaultBean implements Vault {

		@Override
		@Transactional
		@PreAuthorize("hasRole('CLERK')")
		public String open(String color) {
			return SecurityContextHolder.getContext().getAuthentication().getName() + " opened " + color
					+ (TransactionSynchronizationManager.isActualTransactionActive() ? " in a transaction" : "");
		}

		@Override
		@PreAuthorize("hasRole('CHIEF')")
		public void destroy(String color) {
			throw new AssertionError("entered");
		}

		@Override
		public CompletableFuture<String> later() {
			CompletableFuture<String> later = new CompletableFuture<>();
			// late enough for the batch to be waiting for it
			CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS, (task) -> new Thread(task).start())
				.execute(() -> {
					SecurityContextHolder.getContext()
						.setAuthentication(new TestingAuthenticationToken("admin", "", "ROLE_CHIEF"));
					later.complete("completed by " + SecurityContextHolder.getContext().getAuthentication().getName());
				});
			return later;
		}

		@Override
		public String caller() {
			Authentication caller = SecurityContextHolder.getContext().getAuthentication();
			return "called by " + ((caller != null) ? caller.getName() : "nobody");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class OpenVault {

		@Bean
		VaultBean vault() {
			return new VaultBean();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableMethodSecurity
	@EnableTransactionManagement
	static class ServletVault {

		@Bean
		VaultBean vault() {
			return new VaultBean();
		}

		@Bean
		PlatformTransactionManager transactionManager() {
			return new NoTransactions();
		}

		@Bean
		SecurityFilterChain chain(HttpSecurity http) throws Exception {
			return http.securityMatcher("/rpc/**")
				.csrf((csrf) -> csrf.disable())
				.sessionManagement((session) -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
				.httpBasic((basic) -> {
				})
				.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableMethodSecurity
	@EnableTransactionManagement
	static class ReactiveVault {

		@Bean
		VaultBean vault() {
			return new VaultBean();
		}

		@Bean
		PlatformTransactionManager transactionManager() {
			return new NoTransactions();
		}

		@Bean
		SecurityWebFilterChain chain(ServerHttpSecurity http) {
			return http.csrf((csrf) -> csrf.disable()).httpBasic((basic) -> {
			}).authorizeExchange((exchanges) -> exchanges.anyExchange().authenticated()).build();
		}

	}

	static class NoTransactions extends AbstractPlatformTransactionManager {

		private static final long serialVersionUID = 1L;

		@Override
		protected Object doGetTransaction() {
			return new Object();
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
		}

	}

}
