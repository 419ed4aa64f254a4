package dev.rpcboot.calls;

import java.util.stream.Stream;

import reactor.core.publisher.Flux;

/**
 * Long streams of texts of a hundred characters each.
 */
public interface Numbers {

	Stream<String> stream(long count);

	Flux<String> flux(long count);

}
