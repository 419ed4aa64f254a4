package dev.rpcboot.autoconfigure.client;

import java.util.Map;
import java.util.function.BiConsumer;

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

/**
 * Tests for references in a context that was processed ahead of time.
 */
@CompileWithForkedClassLoader
class ReferenceAotTests {

	@Test
	void referencesAreInjectedAsBefore() {
		runAheadOfTime((context, hints) -> {
			Application application = context.getBean(Application.class);

			assertThat(application.warehouse).hasToString("RpcReference[StockService on warehouse]");
			assertThat(context.getBean(Holder.class).stock()).hasToString("RpcReference[StockService on shop]");
		});
	}

	@Test
	void localImplementationStaysTheDefaultAndIsNotTakenForATargetByItsName() {
		runAheadOfTime((context, hints) -> {
			assertThat(context.getBean("warehouse")).isInstanceOf(LocalStock.class);
			assertThat(context.getBean(StockService.class)).isSameAs(context.getBean("warehouse"));
		});
	}

	@Test
	void fallbackServesAndIsNotInjected() {
		runAheadOfTime((context, hints) -> {
			try {
				assertThat(context.getBean(Holder.class).stock().find("A-1").quantity()).isEqualTo(42);
			}
			catch (StockService.UnknownSkuException ex) {
				throw new AssertionError(ex);
			}
		});
	}

	@Test
	void classBehindAnInterfaceTypedBeanMethodIsInjected() {
		runAheadOfTime((context, hints) -> assertThat(context.getBean(Runnable.class))
			.hasToString("RpcReference[StockService on shop]"));
	}

	@Test
	void definitionsAreNotLookedForAgain() {
		runAheadOfTime(
				(context, hints) -> assertThat(context.getBeanNamesForType(RpcReferenceRegistrar.class)).isEmpty());
	}

	@Test
	void nativeImageKeepsProxyAndTypesOfTheContract() {
		runAheadOfTime((context, hints) -> {
			assertThat(RuntimeHintsPredicates.proxies().forInterfaces(StockService.class)).accepts(hints);
			assertThat(RuntimeHintsPredicates.reflection().onType(StockService.Stock.class)).accepts(hints);
			assertThat(RuntimeHintsPredicates.reflection().onType(StockService.UnknownSkuException.class))
				.accepts(hints);
		});
	}

	private static void runAheadOfTime(BiConsumer<GenericApplicationContext, RuntimeHints> assertions) {
		TestGenerationContext generation = new TestGenerationContext();
		AnnotationConfigApplicationContext source = new AnnotationConfigApplicationContext();
		withProperties(source).register(Application.class);
		ClassName initializer = new ApplicationContextAotGenerator().processAheadOfTime(source, generation);
		generation.writeGeneratedContent();

		TestCompiler.forSystem().with(generation).compile((compiled) -> {
			try (GenericApplicationContext context = withProperties(new GenericApplicationContext())) {
				@SuppressWarnings("unchecked")
				ApplicationContextInitializer<GenericApplicationContext> generated = compiled
					.getInstance(ApplicationContextInitializer.class, initializer.toString());
				generated.initialize(context);
				context.refresh();

				assertions.accept(context, generation.getRuntimeHints());
			}
		});
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
		Runnable hidden() {
			return new Hidden();
		}

	}

	record Holder(StockService stock) {
	}

	static class Plenty extends LocalStock {

		@Override
		public Stock find(String sku) {
			return new Stock(sku, 42);
		}

	}

	static class Hidden implements Runnable {

		@RpcReference("shop")
		private StockService stock;

		@Override
		public void run() {
		}

		@Override
		public String toString() {
			return this.stock.toString();
		}

	}

}
