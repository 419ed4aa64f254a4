package dev.rpcboot.server.webflux;

import dev.rpcboot.call.ItemSource;
import dev.rpcboot.server.EventStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpResponse;

/**
 * Writes a stream of events to a WebFlux response, each piece when the one before it is
 * on its way.
 */
final class EventPublisher {

	private final EventStream events;

	private final ServerHttpResponse response;

	private volatile boolean over;

	private EventPublisher(EventStream events, ServerHttpResponse response) {
		this.events = events;
		this.response = response;
	}

	static Mono<Void> write(EventStream events, ServerHttpResponse response) {
		EventPublisher publisher = new EventPublisher(events, response);
		return response.writeAndFlushWith(publisher.pieces()).doFinally((signal) -> events.cancel());
	}

	/**
	 * Servers request many groups ahead, and subscribe to one at a time: so each asks for
	 * its piece when it is subscribed to, and those ahead ask for nothing.
	 */
	private Flux<Flux<DataBuffer>> pieces() {
		return Flux.generate((sink) -> {
			if (this.over) {
				sink.complete();
			}
			else {
				// a Flux: of a Mono the server would make a whole answer with a length
				sink.next(Flux.defer(() -> this.over ? Mono.empty() : Mono.create(this::next)));
			}
		});
	}

	private void next(MonoSink<DataBuffer> sink) {
		this.events.next(new ItemSource.Receiver<>() {

			@Override
			public void item(byte[] piece) {
				sink.success(EventPublisher.this.response.bufferFactory().wrap(piece));
			}

			@Override
			public void end() {
				EventPublisher.this.over = true;
				sink.success();
			}

			@Override
			public void failed(Throwable failure) {
				sink.error(failure);
			}

		});
	}

}
