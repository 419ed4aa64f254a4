package dev.rpcboot.server.webflux;

import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;

/**
 * Makes the security context of a WebFlux request known to methods that block. Spring
 * Security keeps it in the Reactor context under one key, and its thread-local is
 * restored from another, so that context propagation alone does not connect the two.
 *
 * @since 0.1
 */
public final class SecurityContextAddition {

	private SecurityContextAddition() {
	}

	/**
	 * What is to be added to the Reactor context of the subscriber.
	 */
	public static Mono<? extends ContextView> ofSubscriber() {
		return ReactiveSecurityContextHolder.getContext()
			.map((security) -> Context.of(SecurityContext.class.getName(), security))
			.defaultIfEmpty(Context.empty());
	}

}
