package dev.rpcboot.server.webflux;

import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;

/**
 * Leads requests below a path to a handler. Not one of WebFlux's own mappings, because
 * those decode paths and answer CORS preflights, and the endpoint does neither.
 *
 * @since 0.1
 */
public final class RpcHandlerMapping implements HandlerMapping, Ordered {

	private final String path;

	private final WebHandler handler;

	/**
	 * Creates one.
	 * @param path the path, without a slash at the end
	 * @param handler handles what is below it
	 */
	public RpcHandlerMapping(String path, WebHandler handler) {
		this.path = path;
		this.handler = handler;
	}

	@Override
	public Mono<Object> getHandler(ServerWebExchange exchange) {
		String path = exchange.getRequest().getPath().pathWithinApplication().value();
		boolean below = path.startsWith(this.path)
				&& (path.length() == this.path.length() || path.charAt(this.path.length()) == '/');
		if (!below) {
			return Mono.empty();
		}
		// DispatcherHandler calls no handler for a preflight, but answers 200 when there
		// is one
		return CorsUtils.isPreFlightRequest(exchange.getRequest())
				? this.handler.handle(exchange).thenReturn(this.handler) : Mono.just(this.handler);
	}

	/**
	 * Before the application's own mappings, as a servlet's path is before
	 * {@code DispatcherServlet}'s.
	 */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE + 100;
	}

}
