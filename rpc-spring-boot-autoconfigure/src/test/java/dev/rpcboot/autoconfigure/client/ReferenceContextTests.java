package dev.rpcboot.autoconfigure.client;

import dev.rpcboot.client.RpcReference;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for references in contexts of all kinds.
 */
class ReferenceContextTests {

	private static final String WAREHOUSE = "RpcReference[StockService on warehouse]";

	private static final String SHOP = "RpcReference[StockService on shop]";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RpcReferencesAutoConfiguration.class))
		.withUserConfiguration(OfflineClient.class)
		.withPropertyValues("rpc.client.targets.warehouse.url=http://localhost:1",
				"rpc.client.targets.shop.url=http://localhost:2");

	@Test
	void childContextHasReferencesOfItsOwnAndSeesThoseOfItsParent() {
		this.runner.withUserConfiguration(FieldConsumer.class).run((parent) -> {
			try (AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext()) {
				child.setParent(parent);
				child.setEnvironment(parent.getEnvironment());
				child.register(RpcReferencesAutoConfiguration.class, OfflineClient.class, TwoTargets.class);
				child.refresh();

				assertThat(child.getBean(TwoTargets.class).warehouse).hasToString(WAREHOUSE);
				assertThat(child.getBean(TwoTargets.class).shop).hasToString(SHOP);
				assertThat(parent.getBeanNamesForType(StockService.class)).hasSize(1);
			}
		});
	}

	@Test
	void plainChildContextUsesReferencesOfItsParent() {
		this.runner.withUserConfiguration(FieldConsumer.class).run((parent) -> {
			try (AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext()) {
				child.setParent(parent);
				child.register(FieldConsumer.class);
				child.refresh();

				assertThat(child.getBean(FieldConsumer.class).stock)
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

	private static void assertInjected(ApplicationContext context) {
		assertThat(context.getBean(FieldConsumer.class).stock).hasToString(WAREHOUSE);
	}

	static class FieldConsumer {

		@RpcReference("warehouse")
		StockService stock;

	}

	static class TwoTargets {

		@RpcReference("warehouse")
		StockService warehouse;

		@RpcReference("shop")
		StockService shop;

	}

}
