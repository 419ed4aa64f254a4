package dev.rpcboot.calls;

import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.rpcboot.server.RpcService;
import reactor.core.publisher.Flux;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

@RpcService
@EnableAutoConfiguration
class NumbersProvider implements Numbers {

	@Override
	public Stream<String> stream(long count) {
		return LongStream.range(0, count).mapToObj(NumbersProvider::text);
	}

	@Override
	public Flux<String> flux(long count) {
		return Flux.generate(() -> 0L, (next, sink) -> {
			if (next == count) {
				sink.complete();
			}
			else {
				sink.next(text(next));
			}
			return next + 1;
		});
	}

	private static String text(long number) {
		return "%0100d".formatted(number);
	}

}
