package dev.rpcboot.faults.provider;

import java.security.Principal;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.server.WebFilter;

/**
 * Takes every caller for an authenticated one, where {@code faults.authenticated} says
 * so: what is believed only of those can be tested then.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("faults.authenticated")
class TestPeer {

	private static final Principal PEER = () -> "test-peer";

	@Bean
	@ConditionalOnWebApplication(type = Type.SERVLET)
	Filter authenticatedPeer() {
		return (request, response, chain) -> chain
			.doFilter(new HttpServletRequestWrapper((HttpServletRequest) request) {

				@Override
				public Principal getUserPrincipal() {
					return PEER;
				}

			}, response);
	}

	@Bean
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	WebFilter authenticatedReactivePeer() {
		return (exchange, chain) -> chain.filter(exchange.mutate().principal(Mono.just(PEER)).build());
	}

}
