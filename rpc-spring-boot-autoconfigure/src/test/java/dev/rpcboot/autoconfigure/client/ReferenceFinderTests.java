package dev.rpcboot.autoconfigure.client;

import java.util.List;
import java.util.Set;

import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.client.RpcReference;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ReferenceFinder}.
 */
class ReferenceFinderTests {

	private final ReferenceFinder finder = new ReferenceFinder();

	@Test
	void findsEachReferenceOnce() {
		assertThat(this.finder.findIn(TwoFields.class)).isEqualTo(Set.of(new Reference(StockService.class, "shop")));
	}

	@Test
	void setterThatASubclassOverridesWithoutAnnotationAsksForNothing() {
		assertThat(this.finder.findIn(Overriding.class)).isEmpty();
	}

	@Test
	void parametersOfBeanMethodsAreFoundByTheFactoryMethodAlone() {
		assertThat(this.finder.findIn(BeanMethod.class)).isEmpty();
		assertThat(this.finder.findInFactoryMethods(BeanMethod.class, "holder"))
			.isEqualTo(Set.of(new Reference(StockService.class, "shop")));
		assertThat(this.finder.findInFactoryMethods(BeanMethod.class, "other")).isEmpty();
	}

	@Test
	void findsParametersOfConstructorsOfInnerClasses() {
		assertThat(this.finder.findIn(Inner.class)).isEqualTo(Set.of(new Reference(StockService.class, "shop")));
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
		assertThatExceptionOfType(RpcConfigurationException.class).isThrownBy(() -> this.finder.findIn(consumer))
			.satisfies((failure) -> {
				assertThat(failure.description()).contains(description);
				assertThat(failure.action()).contains(action);
			});
	}

	static class TwoFields {

		@RpcReference("shop")
		StockService one;

		@RpcReference("shop")
		StockService other;

	}

	static class Setter {

		@RpcReference("shop")
		void setStock(StockService stock) {
		}

	}

	static class Overriding extends Setter {

		@Override
		void setStock(StockService stock) {
		}

	}

	static class BeanMethod {

		@Bean
		Object holder(@RpcReference("shop") StockService stock) {
			return stock;
		}

	}

	class Inner {

		Inner(String name, @RpcReference("shop") StockService stock) {
		}

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
