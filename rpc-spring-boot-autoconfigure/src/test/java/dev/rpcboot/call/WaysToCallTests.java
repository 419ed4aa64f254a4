package dev.rpcboot.call;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.rpcboot.Idempotency;
import dev.rpcboot.RpcMethod;
import dev.rpcboot.call.ContractMethod.ReturnKind;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

/**
 * How contracts say that a result comes item by item, or not at all.
 */
class WaysToCallTests {

	@Test
	void knowsTheTypesOfStreams() {
		Contract contract = Contract.of(Streams.class);

		assertThat(contract.methods())
			.extracting(ContractMethod::name, ContractMethod::returnKind, (method) -> method.resultType().getTypeName())
			.containsExactlyInAnyOrder(tuple("flux", ReturnKind.FLUX, "java.lang.String"),
					tuple("stream", ReturnKind.STREAM, "java.util.List<java.lang.String>"),
					tuple("iterator", ReturnKind.ITERATOR, "java.lang.Integer"));
		assertThat(contract.methods()).allMatch((method) -> method.returnKind().isStream());
	}

	@Test
	void knowsOneWayAndInterruptibleMethods() {
		Contract contract = Contract.of(Marked.class);

		assertThat(contract.method("tell").oneWay()).isTrue();
		assertThat(contract.method("tellLater").oneWay()).isTrue();
		assertThat(contract.method("search").interruptible()).isTrue();
		assertThat(contract.method("search").oneWay()).isFalse();
	}

	@Test
	void refusesAOneWayMethodWithAResult() {
		assertThatExceptionOfType(RpcConfigurationException.class).isThrownBy(() -> Contract.of(OneWayResult.class))
			.withMessageContaining("tell is marked one-way, but returns int");
	}

	@Test
	void refusesToRepeatAOneWayMethod() {
		assertThatExceptionOfType(RpcConfigurationException.class).isThrownBy(() -> Contract.of(OneWayRepeated.class))
			.withMessageContaining("one-way and IDEMPOTENT");
	}

	@Test
	void refusesToInterruptWhatNoThreadStaysIn() {
		assertThatExceptionOfType(RpcConfigurationException.class)
			.isThrownBy(() -> Contract.of(InterruptibleFuture.class))
			.withMessageContaining("search is marked interruptible");
	}

	@Test
	void refusesToInterruptAKeyedMethod() {
		assertThatExceptionOfType(RpcConfigurationException.class)
			.isThrownBy(() -> Contract.of(InterruptibleKeyed.class))
			.withMessageContaining("place is marked interruptible and KEYED");
	}

	interface Streams {

		Flux<String> flux();

		Stream<List<String>> stream();

		Iterator<Integer> iterator();

	}

	interface Marked {

		@RpcMethod(oneWay = true)
		void tell(String text);

		@RpcMethod(oneWay = true)
		CompletableFuture<Void> tellLater(String text);

		@RpcMethod(interruptible = true)
		String search(String text);

	}

	interface OneWayResult {

		@RpcMethod(oneWay = true)
		int tell(String text);

	}

	interface OneWayRepeated {

		@RpcMethod(oneWay = true, idempotency = Idempotency.IDEMPOTENT)
		void tell(String text);

	}

	interface InterruptibleKeyed {

		@RpcMethod(interruptible = true, idempotency = Idempotency.KEYED)
		void place(String order);

	}

	interface InterruptibleFuture {

		@RpcMethod(interruptible = true)
		CompletableFuture<String> search(String text);

	}

}
