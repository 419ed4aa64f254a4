package dev.rpcboot.autoconfigure.client;

import dev.rpcboot.client.RpcReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mockingDetails;

/**
 * Tests for references in test classes, which are no beans.
 */
class ReferenceInTestClassTests {

	@SpringBootTest(classes = { OfflineClient.class, Consumer.class },
			properties = "rpc.client.targets.warehouse.url=http://localhost:1")
	@ImportAutoConfiguration(RpcReferencesAutoConfiguration.class)
	@Nested
	class Injected {

		@RpcReference("warehouse")
		StockService ofConsumer;

		@RpcReference("unheard-of")
		StockService ofTestAlone;

		@Test
		void testClassIsInjectedAlsoWithReferencesThatNoBeanAsksFor(@Autowired Consumer consumer,
				@RpcReference("parameter") StockService parameter) {
			assertThat(this.ofConsumer).isSameAs(consumer.warehouse);
			assertThat(this.ofTestAlone).hasToString("RpcReference[StockService on unheard-of]");
			assertThat(parameter).hasToString("RpcReference[StockService on parameter]");
		}

	}

	@SpringBootTest(classes = { OfflineClient.class, Consumer.class, TwoTargets.class },
			properties = "rpc.client.targets.shop.url=http://localhost:2")
	@ImportAutoConfiguration(RpcReferencesAutoConfiguration.class)
	@Nested
	class Mocked {

		@MockitoBean
		@RpcReference("warehouse")
		StockService mock;

		@Test
		void mockReplacesExactlyThatReferenceWhichThenNeedsNoUrl(@Autowired Consumer consumer,
				@Autowired TwoTargets twoTargets) throws Exception {
			given(this.mock.find("A-1")).willReturn(new StockService.Stock("A-1", 3));

			assertThat(consumer.warehouse).isSameAs(this.mock);
			assertThat(consumer.warehouse.find("A-1").quantity()).isEqualTo(3);
			assertThat(twoTargets.warehouse).isSameAs(this.mock);
			assertThat(mockingDetails(twoTargets.shop).isMock()).isFalse();
			assertThat(twoTargets.shop).hasToString("RpcReference[StockService on shop]");
		}

	}

	@SpringBootTest(classes = { OfflineClient.class, Consumer.class, LocalStock.class },
			properties = "rpc.client.targets.warehouse.url=http://localhost:1")
	@ImportAutoConfiguration(RpcReferencesAutoConfiguration.class)
	@Nested
	class MockedBesideLocal {

		@MockitoBean
		@RpcReference("warehouse")
		StockService mock;

		@Test
		void mockDoesNotReplaceTheLocalImplementation(@Autowired Consumer consumer, @Autowired LocalStock local) {
			assertThat(consumer.warehouse).isSameAs(this.mock);
			assertThat(mockingDetails(local).isMock()).isFalse();
		}

	}

	static class Consumer {

		final StockService warehouse;

		Consumer(@RpcReference("warehouse") StockService warehouse) {
			this.warehouse = warehouse;
		}

	}

	static class TwoTargets {

		@RpcReference("warehouse")
		StockService warehouse;

		@RpcReference("shop")
		StockService shop;

	}

}
