package dev.rpcboot.server.webflux;

import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.rpcboot.server.Admission;
import dev.rpcboot.server.EventStream;
import dev.rpcboot.server.HttpAnswer;
import dev.rpcboot.server.RequestHead;
import dev.rpcboot.server.RequestMemory;
import dev.rpcboot.server.RpcDispatcher;
import dev.rpcboot.server.UnwantedBody;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.util.ClassUtils;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;

/**
 * The endpoint on WebFlux, behind its filters. It never lets an error handler make an
 * answer of its own.
 *
 * @since 0.1
 */
public final class RpcWebHandler implements WebHandler {

	private static final Logger logger = LoggerFactory.getLogger(RpcWebHandler.class);

	private static final boolean NETTY = ClassUtils.isPresent("reactor.netty.http.server.HttpServerRequest",
			RpcWebHandler.class.getClassLoader());

	private final Supplier<RpcDispatcher> dispatcher;

	private final ThreadContext threadContext;

	private final @Nullable String keepAlive;

	/**
	 * Creates one.
	 * @param dispatcher answers requests; asked for when the first one comes
	 * @param threadContext makes the context of a request that of the thread
	 * @param idleTimeout after which the server closes a connection that is not used, or
	 * {@code null} for never. Clients are told, so that they close first: a request that
	 * runs into a closing connection is lost
	 */
	public RpcWebHandler(Supplier<RpcDispatcher> dispatcher, ThreadContext threadContext,
			@Nullable Duration idleTimeout) {
		this.dispatcher = dispatcher;
		this.threadContext = threadContext;
		this.keepAlive = (idleTimeout != null) ? "timeout=" + idleTimeout.toSeconds() : null;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange) {
		if (this.keepAlive != null) {
			exchange.getResponse().getHeaders().set("Keep-Alive", this.keepAlive);
		}
		RpcDispatcher dispatcher = this.dispatcher.get();
		RequestHead head = head(exchange.getRequest());
		Admission admission = dispatcher.admit(head);
		if (admission instanceof Admission.Admitted admitted) {
			return serve(dispatcher, admitted, exchange);
		}
		return refuse(((Admission.Refused) admission).answer(), head, exchange);
	}

	private Mono<Void> serve(RpcDispatcher dispatcher, Admission.Admitted admitted, ServerWebExchange exchange) {
		// Netty sets no limit to the time in which a body must come
		return body(exchange.getRequest(), dispatcher).timeout(admitted.deadline().remaining())
			.map((body) -> answer(dispatcher, admitted, body, exchange))
			.onErrorResume((failure) -> Mono.just(Mono.just(withoutBody(dispatcher, failure).closing())))
			.flatMap((answer) -> answer)
			.flatMap((answer) -> (answer.events() != null) ? stream(answer, answer.events(), exchange)
					: send(answer, exchange.getResponse()))
			.doOnDiscard(HttpAnswer.class, RpcWebHandler::cancel);
	}

	/**
	 * Ends a stream that came when its reader had gone already.
	 */
	private static void cancel(HttpAnswer answer) {
		if (answer.events() != null) {
			answer.events().cancel();
		}
	}

	private static HttpAnswer withoutBody(RpcDispatcher dispatcher, Throwable failure) {
		if (failure instanceof DataBufferLimitException) {
			return dispatcher.tooLarge();
		}
		if (failure instanceof TimeoutException || failure instanceof RequestMemory.TooSlowException) {
			return dispatcher.tooLate();
		}
		if (failure instanceof RequestMemory.ExhaustedException) {
			return dispatcher.overloaded();
		}
		logger.debug("A request body could not be read: {}", failure.toString());
		return dispatcher.unreadable();
	}

	private Mono<HttpAnswer> answer(RpcDispatcher dispatcher, Admission.Admitted admitted, byte[] body,
			ServerWebExchange exchange) {
		return exchange.getPrincipal()
			.map(Optional::of)
			.defaultIfEmpty(Optional.<Principal>empty())
			.flatMap((principal) -> this.threadContext
				.within((context) -> dispatcher.dispatch(admitted, body, principal.orElse(null), context)))
			.onErrorResume((failure) -> Mono.just(dispatcher.failed(failure)));
	}

	private static Mono<byte[]> body(ServerHttpRequest request, RpcDispatcher dispatcher) {
		return Mono.using(dispatcher.requestMemory()::open,
				(memory) -> DataBufferUtils
					.join(request.getBody().map((buffer) -> taken(buffer, memory)), dispatcher.maxRequestSize())
					.map(RpcWebHandler::bytes)
					.defaultIfEmpty(new byte[0]));
	}

	private static DataBuffer taken(DataBuffer buffer, RequestMemory.Share memory) {
		try {
			memory.received(buffer.readableByteCount());
			memory.take(buffer.readableByteCount());
			return buffer;
		}
		catch (RequestMemory.ExhaustedException | RequestMemory.TooSlowException ex) {
			DataBufferUtils.release(buffer);
			throw ex;
		}
	}

	private static byte[] bytes(DataBuffer buffer) {
		byte[] body = new byte[buffer.readableByteCount()];
		buffer.read(body);
		DataBufferUtils.release(buffer);
		return body;
	}

	/**
	 * Refuses a request by its head. A small body is read away, so that the connection
	 * can be used again and the answer is not lost by closing it on unread bytes.
	 */
	private static Mono<Void> refuse(HttpAnswer answer, RequestHead head, ServerWebExchange exchange) {
		if (!UnwantedBody.isWorthReading(head)) {
			return send(answer.closing(), exchange.getResponse());
		}
		return exchange.getRequest()
			.getBody()
			.map(RpcWebHandler::discard)
			.scan(0L, Long::sum)
			.takeUntil((drained) -> drained > UnwantedBody.MAX_SIZE)
			.last(0L)
			.timeout(UnwantedBody.MAX_TIME)
			.onErrorReturn(Long.MAX_VALUE)
			.flatMap((drained) -> send((drained > UnwantedBody.MAX_SIZE) ? answer.closing() : answer,
					exchange.getResponse()));
	}

	private static long discard(DataBuffer buffer) {
		int size = buffer.readableByteCount();
		DataBufferUtils.release(buffer);
		return size;
	}

	private static Mono<Void> stream(HttpAnswer answer, EventStream events, ServerWebExchange exchange) {
		ServerHttpResponse response = exchange.getResponse();
		try {
			response.setStatusCode(HttpStatusCode.valueOf(answer.status()));
			answer.headers().forEach(response.getHeaders()::set);
			return EventPublisher.write(events, response, () -> {
				if (NETTY) {
					NettyConnection.close(exchange.getRequest());
				}
			});
		}
		catch (RuntimeException ex) {
			// filters decorate responses with their own, which may fail at anything
			events.cancel();
			throw ex;
		}
	}

	private static Mono<Void> send(HttpAnswer answer, ServerHttpResponse response) {
		response.setStatusCode(HttpStatusCode.valueOf(answer.status()));
		answer.headers().forEach(response.getHeaders()::set);
		if (answer.body().length == 0) {
			return response.setComplete();
		}
		response.getHeaders().setContentLength(answer.body().length);
		return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(answer.body())));
	}

	private static RequestHead head(ServerHttpRequest request) {
		List<RequestHead.Header> headers = new ArrayList<>();
		request.getHeaders()
			.forEach((name, values) -> values.forEach((value) -> headers.add(new RequestHead.Header(name, value))));
		return new RequestHead(request.getMethod().name(), request.getPath().pathWithinApplication().value(), headers);
	}

	/**
	 * Makes the context of a request that of the thread while something is done.
	 */
	@FunctionalInterface
	public interface ThreadContext {

		/** Does without. */
		ThreadContext NONE = (work) -> Mono.deferContextual((context) -> Mono.fromCompletionStage(work.apply(context)));

		/**
		 * Does the work with the thread-locals that the request's Reactor context stands
		 * for.
		 * @param work is given that context
		 */
		Mono<HttpAnswer> within(Function<ContextView, CompletionStage<HttpAnswer>> work);

	}

}
