package dev.rpcboot.autoconfigure.server;

import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import javax.sql.DataSource;

import dev.rpcboot.Idempotency;
import dev.rpcboot.RpcMethod;
import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.server.IdempotencyInterceptor;
import dev.rpcboot.server.RpcService;
import dev.rpcboot.server.idempotency.CaffeineIdempotencyStore;
import dev.rpcboot.server.idempotency.IdempotencyStore;
import dev.rpcboot.server.idempotency.JdbcIdempotencyStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Which store is chosen, and what stops the start.
 */
class IdempotencyConfigurationTests {

	private static final String STORE = "rpc.server.idempotency.store=";

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RpcServerAutoConfiguration.class))
		.withUserConfiguration(Keyed.class);

	private final WebApplicationContextRunner jdbc = this.runner
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
				DataSourceTransactionManagerAutoConfiguration.class))
		.withPropertyValues("spring.datasource.generate-unique-name=true");

	@Test
	void refusesAKeyedMethodWithoutStore() {
		assertRefusal(this.jdbc, "Writing/write is keyed", "rpc.server.idempotency.store=jdbc",
				"rpc.server.idempotency.store=caffeine", "IdempotencyStore");
	}

	@Test
	void needsNoStoreWhereNothingIsKeyed() {
		new WebApplicationContextRunner().withConfiguration(AutoConfigurations.of(RpcServerAutoConfiguration.class))
			.withUserConfiguration(Unkeyed.class)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(IdempotencyInterceptor.class));
	}

	@Test
	void keepsKeysInMemoryWhenTold() {
		this.runner.withPropertyValues(STORE + "caffeine")
			.run((context) -> assertThat(context).hasSingleBean(CaffeineIdempotencyStore.class)
				.hasSingleBean(IdempotencyInterceptor.class));
	}

	@Test
	void keepsKeysInTheDatabaseWhenTold() {
		this.jdbc.withPropertyValues(STORE + "jdbc")
			.run((context) -> assertThat(context).hasSingleBean(JdbcIdempotencyStore.class)
				.hasSingleBean(IdempotencyInterceptor.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "caffeine", "jdbc" })
	void stepsBackBehindTheStoreOfTheApplication(String store) {
		this.jdbc.withPropertyValues(STORE + store)
			.withBean("mine", IdempotencyStore.class,
					() -> (call, effect) -> CompletableFuture.failedStage(new Error()))
			.run((context) -> assertThat(context).hasSingleBean(IdempotencyStore.class)
				.hasBean("mine")
				.hasSingleBean(IdempotencyInterceptor.class)
				.doesNotHaveBean(ExpiredKeys.class));
	}

	@ParameterizedTest
	@CsvSource({ "embedded,true", "always,true", "never,false" })
	void createsTheTableWhenTold(String mode, boolean created) {
		this.jdbc.withPropertyValues(STORE + "jdbc", "rpc.server.idempotency.jdbc.initialize-schema=" + mode)
			.run((context) -> {
				JdbcTemplate template = new JdbcTemplate(context.getBean(DataSource.class));
				if (created) {
					assertThatNoException().isThrownBy(() -> template.execute("SELECT * FROM rpc_idempotency"));
				}
				else {
					assertThatThrownBy(() -> template.execute("SELECT * FROM rpc_idempotency"))
						.isInstanceOf(BadSqlGrammarException.class);
				}
			});
	}

	@ParameterizedTest
	@ValueSource(classes = { Future.class, Streaming.class })
	void refusesAMethodThatLeavesTheTransaction(Class<?> application) {
		assertRefusal(this.jdbc.withUserConfiguration(application).withPropertyValues(STORE + "jdbc"), "is keyed",
				"Let it return its result");
	}

	@Test
	void refusesAStreamWhateverTheStore() {
		assertRefusal(this.runner.withUserConfiguration(Streaming.class).withPropertyValues(STORE + "caffeine"),
				"item by item", "as a whole");
	}

	@Test
	void runsAFutureWithKeysInMemory() {
		this.runner.withUserConfiguration(Future.class)
			.withPropertyValues(STORE + "caffeine")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void refusesToGuessTheDatabase() {
		assertRefusal(this.runner.withPropertyValues(STORE + "jdbc"), "needs the one DataSource", "IdempotencyStore");
		assertRefusal(
				this.jdbc.withPropertyValues(STORE + "jdbc")
					.withBean("one", DataSource.class, SimpleDriverDataSource::new)
					.withBean("two", DataSource.class, SimpleDriverDataSource::new),
				"needs the one DataSource", "@Primary");
	}

	@ParameterizedTest
	@CsvSource({ "jdbc,org.springframework.jdbc", "jdbc,org.springframework.boot.jdbc",
			"caffeine,com.github.benmanes.caffeine" })
	void saysWhatAStoreNeeds(String store, String library) {
		assertRefusal(this.runner.withClassLoader(new FilteredClassLoader(library)).withPropertyValues(STORE + store),
				"nothing keeps idempotency keys", "spring-boot-starter-jdbc", "add Caffeine");
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.jdbc", "org.springframework.boot.jdbc",
			"org.springframework.boot.sql", "org.springframework.transaction", "com.github.benmanes.caffeine" })
	void startsWithoutTheLibraryOfAStoreThatIsNotNeeded(String library) {
		new WebApplicationContextRunner().withConfiguration(AutoConfigurations.of(RpcServerAutoConfiguration.class))
			.withUserConfiguration(Unkeyed.class)
			.withClassLoader(new FilteredClassLoader(library))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "ttl=0s", "max-running=0", "max-wait=-1s", "caffeine.max-entries=0", "caffeine.max-size=0B" })
	void refusesALimitUnderWhichNothingWorks(String property) {
		assertRefusal(this.runner.withPropertyValues(STORE + "caffeine", "rpc.server.idempotency." + property),
				"rpc.server.idempotency." + property.substring(0, property.indexOf('=')), "Set");
	}

	private static void assertRefusal(WebApplicationContextRunner runner, String description, String... action) {
		runner.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOfSatisfying(RpcConfigurationException.class, (ex) -> {
				assertThat(ex.description()).contains(description);
				assertThat(ex.action()).contains(action);
			}));
	}

	interface Writing {

		@RpcMethod(idempotency = Idempotency.KEYED)
		void write(String text);

	}

	interface Reading {

		String read();

	}

	interface WritingLater {

		@RpcMethod(idempotency = Idempotency.KEYED)
		CompletableFuture<Void> write(String text);

	}

	interface WritingMany {

		@RpcMethod(idempotency = Idempotency.KEYED)
		Stream<String> write(String text);

	}

	@Configuration(proxyBeanMethods = false)
	@RpcService
	static class Keyed implements Writing {

		@Override
		public void write(String text) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@RpcService
	static class Unkeyed implements Reading {

		@Override
		public String read() {
			return "";
		}

	}

	@Configuration(proxyBeanMethods = false)
	@RpcService
	static class Future implements WritingLater {

		@Override
		public CompletableFuture<Void> write(String text) {
			return CompletableFuture.completedFuture(null);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@RpcService
	static class Streaming implements WritingMany {

		@Override
		public Stream<String> write(String text) {
			return Stream.empty();
		}

	}

}
