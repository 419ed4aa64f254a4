package dev.rpcboot.autoconfigure.client;

import java.util.Map;

import dev.rpcboot.client.RpcFallback;
import dev.rpcboot.client.RpcReference;
import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for references in a context that was processed ahead of time.
 */
class ReferenceAotTests {

	// one test for all: processing and compiling takes seconds
	@Test
	@CompileWithForkedClassLoader
	void processedContextInjectsAsBefore() {
		TestGenerationContext generation = new TestGenerationContext();
		ClassName initializer = process(generation);
		generation.writeGeneratedContent();

		TestCompiler.forSystem().with(generation).compile((compiled) -> {
			try (GenericApplicationContext context = withProperties(new GenericApplicationContext())) {
				@SuppressWarnings("unchecked")
				ApplicationContextInitializer<GenericApplicationContext> generated = compiled
					.getInstance(ApplicationContextInitializer.class, initializer.toString());
				generated.initialize(context);
				context.refresh();

				StockService shop = context.getBean(Holder.class).stock();
				assertThat(context.getBean(Application.class).warehouse)
					.hasToString("RpcReference[StockService on warehouse]");
				assertThat(shop).hasToString("RpcReference[StockService on shop]");
				assertThat(context.getBean(Application.class).hidden)
					.hasToString("RpcReference[HiddenStock on warehouse]");
				assertThat(context.getBean(StockService.class)).isExactlyInstanceOf(LocalStock.class);
				assertThat(context.getBean(Unqualified.class).stock()).isExactlyInstanceOf(LocalStock.class);
				assertThatNoException()
					.isThrownBy(() -> assertThat(shop.find("A-1")).isEqualTo(new StockService.Stock("A-1", 42)));
				assertThat(context.getBeanNamesForType(RpcReferenceRegistrar.class)).isEmpty();
			}
		});
	}

	@Test
	void nativeImageKeepsProxyAndTypesOfTheContract() {
		TestGenerationContext generation = new TestGenerationContext();

		process(generation);

		RuntimeHints hints = generation.getRuntimeHints();
		assertThat(RuntimeHintsPredicates.proxies().forInterfaces(StockService.class)).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(StockService.Stock.class)).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(StockService.UnknownSkuException.class)).accepts(hints);
	}

	private static ClassName process(TestGenerationContext generation) {
		AnnotationConfigApplicationContext source = new AnnotationConfigApplicationContext();
		withProperties(source).register(Application.class);
		return new ApplicationContextAotGenerator().processAheadOfTime(source, generation);
	}

	private static <T extends GenericApplicationContext> T withProperties(T context) {
		context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("test", Map.of("rpc.client.targets.warehouse.url", "http://localhost:1",
					"rpc.client.targets.shop.url", "http://localhost:2")));
		return context;
	}

	@Configuration(proxyBeanMethods = false)
	@Import({ RpcReferencesAutoConfiguration.class, OfflineClient.class })
	static class Application {

		@RpcReference("warehouse")
		StockService warehouse;

		@RpcReference("warehouse")
		HiddenStock hidden;

		@Bean
		Holder holder(@RpcReference("shop") StockService stock) {
			return new Holder(stock);
		}

		@Bean("warehouse")
		LocalStock local() {
			return new LocalStock();
		}

		@Bean
		@RpcFallback(target = "shop")
		StockService shopFallback() {
			return new Plenty();
		}

		@Bean
		Unqualified unqualified(StockService stock) {
			return new Unqualified(stock);
		}

	}

	/** Visible to its package alone, as an interface of the caller's own may be. */
	interface HiddenStock {

		String find(String sku);

	}

	record Holder(StockService stock) {
	}

	record Unqualified(StockService stock) {
	}

	static class Plenty extends LocalStock {

		@Override
		public Stock find(String sku) {
			return new Stock(sku, 42);
		}

	}

}
