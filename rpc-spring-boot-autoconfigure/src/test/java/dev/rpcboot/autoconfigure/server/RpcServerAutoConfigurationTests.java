package dev.rpcboot.autoconfigure.server;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

import dev.rpcboot.RpcContract;
import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.server.Admission;
import dev.rpcboot.server.CallObserver;
import dev.rpcboot.server.RequestHead;
import dev.rpcboot.server.RpcDispatcher;
import dev.rpcboot.server.RpcService;
import dev.rpcboot.server.ServerPipeline;
import dev.rpcboot.server.interceptor.ValidationInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.task.TaskDecorator;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is exported, what stops the start, and what may be absent.
 */
class RpcServerAutoConfigurationTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class, RpcServerAutoConfiguration.class));

	@Test
	void exportsAnnotatedClassesAndBeanMethods() {
		this.runner.withUserConfiguration(Annotated.class, ByMethod.class)
			.run((context) -> assertThat(List.of("Alpha", "beta")).allMatch((service) -> isExported(context, service)));
	}

	@Test
	void exportsAScopedBeanOnce() {
		this.runner.withUserConfiguration(Scoped.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(isExported(context, "Alpha")).isTrue();
		});
	}

	@Test
	void exposesNoEndpointWithoutServices() {
		this.runner
			.run((context) -> assertThat(context).doesNotHaveBean(RpcDispatcher.class).doesNotHaveBean("rpcServlet"));
	}

	@Test
	void exposesNoEndpointWhenSwitchedOff() {
		this.runner.withUserConfiguration(Annotated.class)
			.withPropertyValues("rpc.server.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(RpcDispatcher.class));
	}

	@Test
	void exposesNoEndpointInAnApplicationThatIsNoWebApplication() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(RpcServerAutoConfiguration.class))
			.withUserConfiguration(Annotated.class)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(RpcDispatcher.class));
	}

	@Test
	void refusesABeanWithTwoContracts() {
		assertRefusal(TwoContracts.class, "implements more than one interface", "@RpcService(");
	}

	@Test
	void exportsTheContractThatIsNamed() {
		this.runner.withUserConfiguration(Named.class)
			.run((context) -> assertThat(isExported(context, "beta")).isTrue());
	}

	@Test
	void refusesABeanWithoutContract() {
		assertRefusal(NoContract.class, "implements no interface of its own", "interface");
	}

	@Test
	void refusesTwoServicesOfOneName() {
		assertRefusal(SameName.class, "are both exported as 'Alpha'", "@RpcContract");
	}

	@Test
	void refusesAContractThatTheBeanDoesNotImplement() {
		assertRefusal(NotImplemented.class, "does not implement it", "@RpcService");
	}

	@Test
	void refusesTheAnnotationOnAnInterface() {
		assertRefusal(OnInterface.class, "@RpcService stands on an interface", "class that implements");
	}

	@Test
	void refusesAPathThatCannotCarryServices() {
		this.runner.withUserConfiguration(Annotated.class)
			.withPropertyValues("rpc.server.path=rpc/")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(RpcConfigurationException.class)
				.hasMessageContaining("rpc.server.path"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "max-request-size=1GB", "max-request-size=0B", "max-answer-size=0B", "max-answer-size=2GB",
			"max-threads=0", "stream.max-concurrent=0", "stream.heartbeat=0s", "stream.stall-timeout=0s",
			"batch.max-size=0", "batch.concurrency=0", "limits.nesting-depth=-1", "limits.method-length=0",
			"limits.id-length=0", "limits.number-length=0", "limits.name-length=6" })
	void refusesALimitUnderWhichNothingWorks(String property) {
		this.runner.withUserConfiguration(Annotated.class)
			.withPropertyValues("rpc.server." + property)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(RpcConfigurationException.class, (ex) -> assertThat(ex.action())
					.contains("rpc.server." + property.substring(0, property.indexOf('=')))));
	}

	@Test
	void refusesToLoseTheCallerOnWebFlux() {
		new ReactiveWebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(RpcServerAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("io.micrometer.context"))
			.withUserConfiguration(Annotated.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(RpcConfigurationException.class,
						(ex) -> assertThat(ex.action()).contains("io.micrometer:context-propagation")));
	}

	@ParameterizedTest
	@ValueSource(classes = { Streaming.class, Iterating.class })
	void refusesToLoseTheCallerOfAStreamOnServlets(Class<?> application) {
		this.runner.withClassLoader(new FilteredClassLoader("io.micrometer.context"))
			.withUserConfiguration(application)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(RpcConfigurationException.class, (ex) -> {
					assertThat(ex.description()).contains("/items");
					assertThat(ex.action()).contains("io.micrometer:context-propagation");
				}));
	}

	@Test
	void streamsWhereTheCallerCannotBeLost() {
		this.runner.withUserConfiguration(Streaming.class).run((context) -> assertThat(context).hasNotFailed());
		this.runner.withClassLoader(new FilteredClassLoader("io.micrometer.context", "org.springframework.security"))
			.withUserConfiguration(Streaming.class)
			.run((context) -> assertThat(context).hasNotFailed());
		this.runner.withClassLoader(new FilteredClassLoader("io.micrometer.context"))
			.withUserConfiguration(Streaming.class)
			.withBean("rpcServerTaskDecorator", TaskDecorator.class, () -> (task) -> task)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@ValueSource(strings = { "jakarta.validation", "io.micrometer", "org.springframework.security", "reactor",
			"io.micrometer.context", "org.springframework.web.reactive" })
	void startsWithoutAnOptionalLibrary(String library) {
		this.runner.withClassLoader(new FilteredClassLoader(library))
			.withUserConfiguration(Annotated.class)
			.run((context) -> assertThat(isExported(context, "Alpha")).isTrue());
	}

	@ParameterizedTest
	@ValueSource(strings = { "jakarta.validation", "org.springframework.security", "jakarta.servlet" })
	void startsOnWebFluxWithoutAnOptionalLibrary(String library) {
		new ReactiveWebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(RpcServerAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(library))
			.withUserConfiguration(Annotated.class)
			.run((context) -> assertThat(context).hasNotFailed().hasBean("rpcHandlerMapping"));
	}

	@Test
	void stepsBackBehindBeansOfTheApplication() {
		this.runner.withUserConfiguration(Annotated.class)
			.withBean("mine", CallObserver.class, () -> CallObserver.NONE)
			.withBean(ServerPipeline.class,
					() -> ServerPipeline.of((invocation, chain) -> chain.proceed(invocation), List.of(), null, null))
			.withBean("rpcServerExecutor", Executor.class, () -> Runnable::run)
			.run((context) -> {
				assertThat(context).hasSingleBean(CallObserver.class).hasSingleBean(ServerPipeline.class);
				assertThat(context).doesNotHaveBean("rpcServerPipeline").hasSingleBean(ValidationInterceptor.class);
			});
	}

	private void assertRefusal(Class<?> application, String description, String action) {
		this.runner.withUserConfiguration(application)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(RpcConfigurationException.class, (ex) -> {
					assertThat(ex.description()).contains(description);
					assertThat(ex.action()).contains(action);
				}));
	}

	private static boolean isExported(ApplicationContext context, String service) {
		return context.getBean(RpcDispatcher.class)
			.admit(new RequestHead("POST", "/rpc/" + service,
					List.of(new RequestHead.Header("Content-Type", "application/json")))) instanceof Admission.Admitted;
	}

	interface Pulled {

		Stream<String> items();

	}

	interface Iterated {

		Iterator<String> items();

	}

	@RpcService
	static class Streaming implements Pulled {

		@Override
		public Stream<String> items() {
			return Stream.of();
		}

	}

	@RpcService
	static class Iterating implements Iterated {

		@Override
		public Iterator<String> items() {
			return Collections.emptyIterator();
		}

	}

	interface Alpha {

		String alpha(String argument);

	}

	@RpcContract("beta")
	interface Beta {

		String beta(String argument);

	}

	static class AlphaBean implements Alpha, Comparable<AlphaBean> {

		@Override
		public String alpha(String argument) {
			return argument;
		}

		@Override
		public int compareTo(AlphaBean other) {
			return 0;
		}

	}

	@RpcService
	static class Annotated extends AlphaBean {

	}

	@Configuration(proxyBeanMethods = false)
	static class ByMethod {

		@Bean
		@RpcService
		Beta byMethod() {
			return (argument) -> argument;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Scoped {

		@Bean
		@RpcService
		@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
		AlphaBean scoped() {
			return new AlphaBean();
		}

	}

	static class Both extends AlphaBean implements Beta {

		@Override
		public String beta(String argument) {
			return argument;
		}

	}

	@RpcService
	static class TwoContracts extends Both {

	}

	@RpcService(Beta.class)
	static class Named extends Both {

	}

	@RpcService
	static class NoContract {

	}

	@Configuration(proxyBeanMethods = false)
	static class SameName {

		@Bean
		@RpcService
		AlphaBean one() {
			return new AlphaBean();
		}

		@Bean
		@RpcService
		AlphaBean two() {
			return new AlphaBean();
		}

	}

	@RpcService(Beta.class)
	static class NotImplemented extends AlphaBean {

	}

	@RpcService
	interface AnnotatedContract {

		String call();

	}

	static class OnInterface implements AnnotatedContract {

		@Override
		public String call() {
			return "";
		}

	}

}
