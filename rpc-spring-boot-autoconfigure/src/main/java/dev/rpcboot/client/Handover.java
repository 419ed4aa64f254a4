package dev.rpcboot.client;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import dev.rpcboot.call.ContractMethod.ReturnKind;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Hands a result that is there as a whole over in the way in which its method does: for a
 * method that returns a future, as a future that has it already. The items of a stream
 * are there as a list.
 */
final class Handover {

	private Handover() {
	}

	static @Nullable Object of(ReturnKind kind, @Nullable Object result) {
		return switch (kind) {
			case VALUE -> result;
			case FUTURE -> CompletableFuture.completedFuture(result);
			case STREAM -> items(result).stream();
			case ITERATOR -> items(result).iterator();
			case MONO, FLUX -> Reactive.of(kind, result);
		};
	}

	private static List<?> items(@Nullable Object result) {
		return (List<?>) Objects.requireNonNullElse(result, List.of());
	}

	/** Loaded only where a contract uses Reactor. */
	private static final class Reactive {

		static Object of(ReturnKind kind, @Nullable Object result) {
			return (kind == ReturnKind.MONO) ? Mono.justOrEmpty(result) : Flux.fromIterable(items(result));
		}

	}

}
