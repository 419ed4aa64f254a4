package dev.rpcboot.autoconfigure.client;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.Optional;

import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.client.RpcReference;
import dev.rpcboot.server.RpcService;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for references as beans.
 */
class ReferenceInjectionTests {

	private static final String WAREHOUSE = "RpcReference[StockService on warehouse]";

	private static final String SHOP = "RpcReference[StockService on shop]";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RpcReferencesAutoConfiguration.class))
		.withUserConfiguration(OfflineClient.class)
		.withPropertyValues("rpc.client.targets.warehouse.url=http://localhost:1",
				"rpc.client.targets.shop.url=http://localhost:2");

	@Test
	void injectsIntoFieldsSettersConstructorsAndBeanMethods() {
		this.runner
			.withUserConfiguration(FieldConsumer.class, SetterConsumer.class, ConstructorConsumer.class,
					BeanMethodConfiguration.class)
			.run((context) -> {
				assertThat(context.getBean(FieldConsumer.class).stock).hasToString(WAREHOUSE);
				assertThat(context.getBean(SetterConsumer.class).onMethod).hasToString(WAREHOUSE);
				assertThat(context.getBean(SetterConsumer.class).onParameter).hasToString(SHOP);
				assertThat(context.getBean(ConstructorConsumer.class).stock).hasToString(WAREHOUSE);
				assertThat(context.getBean(Holder.class).stock()).hasToString(SHOP);
			});
	}

	@Test
	void injectsFieldsOfSuperclassesAndAnnotationsThatCarryTheReference() {
		this.runner.withUserConfiguration(InheritingConsumer.class, ComposedConsumer.class).run((context) -> {
			assertThat(context.getBean(InheritingConsumer.class).stock).hasToString(WAREHOUSE);
			assertThat(context.getBean(ComposedConsumer.class).stock).hasToString(SHOP);
		});
	}

	@Test
	void injectsProvidersAndOptionals() {
		this.runner.withUserConfiguration(WrappedConsumer.class).run((context) -> {
			assertThat(context.getBean(WrappedConsumer.class).provider.getObject()).hasToString(WAREHOUSE);
			assertThat(context.getBean(WrappedConsumer.class).optional).get().hasToString(SHOP);
		});
	}

	@Test
	void referencesAreOneBeanPerContractAndTarget() {
		this.runner.withUserConfiguration(FieldConsumer.class, ConstructorConsumer.class, SetterConsumer.class)
			.run((context) -> {
				assertThat(context).getBeans(StockService.class).hasSize(2);
				assertThat(context.getBean(FieldConsumer.class).stock)
					.isSameAs(context.getBean(ConstructorConsumer.class).stock);
			});
	}

	@Test
	void onlyReferenceIsInjectedWithoutAnyQualifier() {
		this.runner.withUserConfiguration(FieldConsumer.class, UnqualifiedConsumer.class)
			.run((context) -> assertThat(context.getBean(UnqualifiedConsumer.class).stock).hasToString(WAREHOUSE));
	}

	@Test
	void localImplementationStaysTheDefaultBesideReferences() {
		this.runner.withUserConfiguration(FieldConsumer.class, SetterConsumer.class, UnqualifiedConsumer.class)
			.withBean("local", LocalStock.class)
			.run((context) -> {
				assertThat(context.getBean(UnqualifiedConsumer.class).stock).isInstanceOf(LocalStock.class);
				assertThat(context.getBean(StockService.class)).isInstanceOf(LocalStock.class);
				assertThat(context.getBean(FieldConsumer.class).stock).hasToString(WAREHOUSE);
			});
	}

	@Test
	void primaryImplementationDoesNotTakeThePlaceOfAReference() {
		this.runner.withUserConfiguration(FieldConsumer.class, UnqualifiedConsumer.class, PrimaryConfiguration.class)
			.run((context) -> {
				assertThat(context.getBean(FieldConsumer.class).stock).hasToString(WAREHOUSE);
				assertThat(context.getBean(UnqualifiedConsumer.class).stock).isInstanceOf(LocalStock.class);
			});
	}

	@Test
	void beanThatIsNamedLikeTheTargetIsNotTakenForIt() {
		this.runner.withUserConfiguration(FieldConsumer.class, ConstructorConsumer.class, SetterConsumer.class)
			.withBean("warehouse", LocalStock.class)
			.withInitializer((context) -> context.getBeanFactory().registerSingleton("shop", new LocalStock()))
			.run((context) -> {
				assertThat(context.getBean(FieldConsumer.class).stock).hasToString(WAREHOUSE);
				assertThat(context.getBean(ConstructorConsumer.class).stock).hasToString(WAREHOUSE);
				assertThat(context.getBean(SetterConsumer.class).onParameter).hasToString(SHOP);
			});
	}

	@Test
	void classBehindAnInterfaceTypedBeanMethodIsInjected() {
		this.runner.withUserConfiguration(HidingConfiguration.class)
			.run((context) -> assertThat(context.getBean(Api.class).stock()).hasToString(WAREHOUSE));
	}

	@Test
	void objectCreatedByTheBeanFactoryWithoutDefinitionIsInjected() {
		this.runner.run((context) -> assertThat(
				context.getAutowireCapableBeanFactory().createBean(ConstructorConsumer.class).stock)
			.hasToString(WAREHOUSE));
	}

	@Test
	void referenceOfABeanMethodThatAConditionDroppedIsNotRegistered() {
		this.runner.withUserConfiguration(DroppedConfiguration.class)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(StockService.class));
	}

	@Test
	void referenceBesideAnExportedImplementationIsNotExported() {
		this.runner.withUserConfiguration(Exported.class, FieldConsumer.class)
			.run((context) -> assertThat(context.getBeanNamesForAnnotation(RpcService.class)).hasSize(1)
				.noneMatch((name) -> name.startsWith("rpcReference")));
	}

	@Test
	void childContextHasReferencesOfItsOwnAndSeesThoseOfItsParent() {
		this.runner.withUserConfiguration(FieldConsumer.class).run((parent) -> {
			try (AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext()) {
				child.setParent(parent);
				child.setEnvironment(parent.getEnvironment());
				child.register(RpcReferencesAutoConfiguration.class, OfflineClient.class, SetterConsumer.class);
				child.refresh();

				assertThat(child.getBean(SetterConsumer.class).onMethod).hasToString(WAREHOUSE);
				assertThat(child.getBean(SetterConsumer.class).onParameter).hasToString(SHOP);
				assertThat(parent.getBeanNamesForType(StockService.class)).hasSize(1);
			}
		});
	}

	@Test
	void plainChildContextUsesReferencesOfItsParent() {
		this.runner.withUserConfiguration(FieldConsumer.class).run((parent) -> {
			try (AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext()) {
				child.setParent(parent);
				child.register(ConstructorConsumer.class);
				child.refresh();

				assertThat(child.getBean(ConstructorConsumer.class).stock)
					.isSameAs(parent.getBean(FieldConsumer.class).stock);
			}
		});
	}

	@Test
	void worksWithoutAndWithEitherWebStack() {
		new WebApplicationContextRunner().withConfiguration(AutoConfigurations.of(RpcReferencesAutoConfiguration.class))
			.withUserConfiguration(OfflineClient.class, FieldConsumer.class)
			.withPropertyValues("rpc.client.targets.warehouse.url=http://localhost:1")
			.run((context) -> assertInjected(context));
		new ReactiveWebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(RpcReferencesAutoConfiguration.class))
			.withUserConfiguration(OfflineClient.class, FieldConsumer.class)
			.withPropertyValues("rpc.client.targets.warehouse.url=http://localhost:1")
			.run((context) -> assertInjected(context));
		this.runner
			.withClassLoader(new FilteredClassLoader("org.springframework.web", "jakarta.servlet",
					"org.springframework.cloud", "reactor", "jakarta.inject"))
			.withUserConfiguration(FieldConsumer.class)
			.run((context) -> assertInjected(context));
	}

	@Test
	void referenceIsCreatedWhenItIsFirstInjected() {
		this.runner.withUserConfiguration(FieldConsumer.class)
			.run((context) -> assertThat(context.getBeanFactory()
				.containsSingleton("rpcReference:warehouse:" + StockService.class.getName())).isTrue());
		this.runner.withUserConfiguration(WrappedConsumer.class)
			.run((context) -> assertThat(context.getBeanFactory().getSingletonNames())
				.doesNotContain("rpcReference:warehouse:" + StockService.class.getName()));
	}

	@Test
	void listOfReferencesIsRefused() {
		assertRefused(ListConsumer.class, "field " + ListConsumer.class.getName() + ".stocks",
				"ObjectProvider or Optional");
	}

	@Test
	void classInPlaceOfAnInterfaceIsRefused() {
		assertRefused(ClassConsumer.class, "the constructor of " + ClassConsumer.class.getName(), "interface");
	}

	@Test
	void referenceWithoutTargetIsRefused() {
		assertRefused(NamelessConsumer.class, "NamelessConsumer.stock", "@RpcReference(\"…\")");
	}

	@Test
	void fluentSetterIsRefusedBecauseSpringIgnoresItsQualifier() {
		assertRefused(FluentConsumer.class, "FluentConsumer.stock(StockService)", "Annotate the parameter");
	}

	private void assertRefused(Class<?> consumer, String description, String action) {
		this.runner.withUserConfiguration(consumer)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOfSatisfying(RpcConfigurationException.class, (failure) -> {
					assertThat(failure.description()).contains(description);
					assertThat(failure.action()).contains(action);
				}));
	}

	private static void assertInjected(ApplicationContext context) {
		assertThat(context.getBean(FieldConsumer.class).stock).hasToString(WAREHOUSE);
	}

	static class FieldConsumer {

		@RpcReference("warehouse")
		StockService stock;

	}

	static class InheritingConsumer extends GenericConsumer<StockService> {

	}

	abstract static class GenericConsumer<T> {

		@RpcReference("warehouse")
		T stock;

	}

	static class ComposedConsumer {

		@Shop
		StockService stock;

	}

	@RpcReference("shop")
	@Retention(RetentionPolicy.RUNTIME)
	@interface Shop {

	}

	static class SetterConsumer {

		StockService onMethod;

		StockService onParameter;

		@RpcReference("warehouse")
		void setOnMethod(StockService stock) {
			this.onMethod = stock;
		}

		@Autowired
		void setOnParameter(@RpcReference("shop") StockService stock) {
			this.onParameter = stock;
		}

	}

	static class ConstructorConsumer {

		final StockService stock;

		ConstructorConsumer(@RpcReference("warehouse") StockService stock) {
			this.stock = stock;
		}

	}

	static class WrappedConsumer {

		@RpcReference("warehouse")
		ObjectProvider<StockService> provider;

		Optional<StockService> optional;

		@Autowired
		void inject(@RpcReference("shop") Optional<StockService> optional) {
			this.optional = optional;
		}

	}

	static class UnqualifiedConsumer {

		final StockService stock;

		UnqualifiedConsumer(StockService stock) {
			this.stock = stock;
		}

	}

	record Holder(StockService stock) {
	}

	@Configuration(proxyBeanMethods = false)
	static class BeanMethodConfiguration {

		@Bean
		static Holder holder(@RpcReference("shop") StockService stock) {
			return new Holder(stock);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryConfiguration {

		@Bean
		@Primary
		LocalStock local() {
			return new LocalStock();
		}

	}

	interface Api {

		StockService stock();

	}

	@Configuration(proxyBeanMethods = false)
	static class HidingConfiguration {

		@Bean
		Api api() {
			return new HiddenApi();
		}

	}

	static class HiddenApi implements Api {

		@RpcReference("warehouse")
		private StockService stock;

		@Override
		public StockService stock() {
			return this.stock;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class DroppedConfiguration {

		@Bean
		@ConditionalOnProperty("never.set")
		Holder holder(@RpcReference("unknown") StockService stock) {
			return new Holder(stock);
		}

	}

	@RpcService
	static class Exported extends LocalStock {

	}

	static class ListConsumer {

		@RpcReference("warehouse")
		List<StockService> stocks;

	}

	static class ClassConsumer {

		ClassConsumer(@RpcReference("warehouse") LocalStock stock) {
		}

	}

	static class NamelessConsumer {

		@RpcReference("")
		StockService stock;

	}

	static class FluentConsumer {

		@RpcReference("warehouse")
		FluentConsumer stock(StockService stock) {
			return this;
		}

	}

}
