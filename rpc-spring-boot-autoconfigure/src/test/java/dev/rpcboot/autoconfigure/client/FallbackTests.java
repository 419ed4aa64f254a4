package dev.rpcboot.autoconfigure.client;

import java.util.concurrent.atomic.AtomicInteger;

import dev.rpcboot.client.FallbackResolver;
import dev.rpcboot.client.RpcFallback;
import dev.rpcboot.client.RpcReference;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for beans that stand in for targets.
 */
class FallbackTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RpcReferencesAutoConfiguration.class))
		.withUserConfiguration(OfflineClient.class, Consumer.class)
		.withPropertyValues("rpc.client.targets.warehouse.url=http://localhost:1",
				"rpc.client.targets.shop.url=http://localhost:2");

	@Test
	void fallbackForTheTargetServesBeforeTheOneForAll() {
		this.runner.withUserConfiguration(ForWarehouse.class, ForAll.class).run((context) -> {
			Consumer consumer = context.getBean(Consumer.class);

			assertThat(consumer.warehouse.find("A-1").quantity()).isEqualTo(1);
			assertThat(consumer.shop.find("A-1").quantity()).isEqualTo(2);
		});
	}

	@Test
	void fallbackOfABeanMethodServes() {
		this.runner.withUserConfiguration(BeanMethods.class)
			.run((context) -> assertThat(context.getBean(Consumer.class).shop.find("A-1").quantity()).isEqualTo(7));
	}

	@Test
	void fallbackForAnotherTargetDoesNotServe() {
		this.runner.withUserConfiguration(ForWarehouse.class)
			.run((context) -> assertThat(context.getBean(FallbackResolver.class).fallback(StockService.class, "shop"))
				.isNull());
	}

	@Test
	void fallbackIsNeverInjectedWithoutQualifier() {
		this.runner.withUserConfiguration(ForAll.class, Unqualified.class)
			.withBean("local", LocalStock.class)
			.run((context) -> {
				assertThat(context.getBean(Unqualified.class).stock).isExactlyInstanceOf(LocalStock.class);
				assertThat(context.getBean(StockService.class)).isExactlyInstanceOf(LocalStock.class);
			});
	}

	@Test
	void fallbackThatIsNamedLikeTheTargetIsNotInjectedForIt() {
		this.runner.withBean("warehouse", ForAll.class)
			.run((context) -> assertThat(context.getBean(Consumer.class).warehouse)
				.hasToString("RpcReference[StockService on warehouse]"));
	}

	@Test
	void fallbackMayCallAReferenceItself() {
		this.runner.withUserConfiguration(CallsShop.class, ForShop.class)
			.run((context) -> assertThat(context.getBean(Consumer.class).warehouse.find("A-1").quantity())
				.isEqualTo(30));
	}

	@Test
	void fallbackIsNotCreatedBeforeItHasToServe() {
		this.runner.withUserConfiguration(Counting.class).run((context) -> {
			assertThat(Counting.CREATED).hasValue(0);

			context.getBean(Consumer.class).warehouse.find("A-1");
			context.getBean(Consumer.class).warehouse.find("A-1");

			assertThat(Counting.CREATED).hasValue(1);
		});
	}

	@Test
	void twoFallbacksForOneTargetAreRefused() {
		this.runner.withUserConfiguration(ForWarehouse.class)
			.withBean("second", ForWarehouse.class)
			.run((context) -> assertThat(context).getFailure()
				.hasMessageContainingAll("second", "ForWarehouse", "on warehouse", "@RpcFallback(target"));
	}

	@Test
	void twoFallbacksForAllTargetsAreRefused() {
		this.runner.withUserConfiguration(ForAll.class)
			.withBean("second", ForAll.class)
			.run((context) -> assertThat(context).getFailure().hasMessageContainingAll("second", "ForAll"));
	}

	static class Consumer {

		@RpcReference("warehouse")
		StockService warehouse;

		@RpcReference("shop")
		StockService shop;

	}

	static class Unqualified {

		final StockService stock;

		Unqualified(StockService stock) {
			this.stock = stock;
		}

	}

	@RpcFallback(target = "warehouse")
	static class ForWarehouse extends LocalStock {

		@Override
		public Stock find(String sku) {
			return new Stock(sku, 1);
		}

	}

	@RpcFallback
	static class ForAll extends LocalStock {

		@Override
		public Stock find(String sku) {
			return new Stock(sku, 2);
		}

	}

	@RpcFallback(target = "shop")
	static class ForShop extends LocalStock {

		@Override
		public Stock find(String sku) {
			return new Stock(sku, 3);
		}

	}

	@RpcFallback(target = "warehouse")
	static class CallsShop extends LocalStock {

		private final StockService shop;

		CallsShop(@RpcReference("shop") StockService shop) {
			this.shop = shop;
		}

		@Override
		public Stock find(String sku) {
			try {
				return new Stock(sku, 10 * this.shop.find(sku).quantity());
			}
			catch (UnknownSkuException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	@Lazy
	@RpcFallback(target = "warehouse")
	static class Counting extends LocalStock {

		static final AtomicInteger CREATED = new AtomicInteger();

		Counting() {
			CREATED.incrementAndGet();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BeanMethods {

		@Bean
		@RpcFallback
		StockService reserveStock() {
			return new LocalStock();
		}

	}

}
