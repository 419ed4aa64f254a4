package dev.rpcboot.calls;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import reactor.core.publisher.Mono;

/**
 * Large messages, and what their headers said.
 */
interface Parcels {

	List<String> unpack(int count);

	CompletableFuture<List<String>> unpackLater(int count);

	Mono<List<String>> unpackReactive(int count);

	int pack(List<String> items);

	CompletableFuture<Integer> packLater(List<String> items);

	/** Headers of the request, as far as they are about compression. */
	Map<String, String> headersOf(List<String> items);

}
