package dev.rpcboot.autoconfigure.server;

import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.server.CallObserver;
import dev.rpcboot.server.interceptor.ObservationCallObserver;
import dev.rpcboot.server.webflux.RequestThreadContext;
import dev.rpcboot.server.interceptor.RpcServerObservationConvention;
import dev.rpcboot.server.interceptor.SecurityErrorResolver;
import dev.rpcboot.server.interceptor.ValidationInterceptor;
import dev.rpcboot.server.webflux.RpcWebHandler.ThreadContext;
import dev.rpcboot.server.webflux.SecurityContextAddition;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.observation.ObservationRegistry;
import jakarta.validation.Validator;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.task.TaskDecorator;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;

/**
 * The stages that need a library each.
 */
final class ServerInterceptorConfigurations {

	private ServerInterceptorConfigurations() {
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Validator.class)
	@ConditionalOnSingleCandidate(Validator.class)
	static class ValidationConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ValidationInterceptor rpcServerValidationInterceptor(Validator validator) {
			return new ValidationInterceptor(validator);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ObservationRegistry.class)
	@ConditionalOnBean(ObservationRegistry.class)
	static class ObservationConfiguration {

		@Bean
		@ConditionalOnMissingBean(CallObserver.class)
		ObservationCallObserver rpcServerCallObserver(ObservationRegistry registry,
				ObjectProvider<RpcServerObservationConvention> convention) {
			return new ObservationCallObserver(registry, convention.getIfAvailable());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(AccessDeniedException.class)
	static class SecurityConfiguration {

		@Bean
		@ConditionalOnMissingBean
		@Order(Ordered.LOWEST_PRECEDENCE)
		SecurityErrorResolver rpcServerSecurityErrorResolver() {
			return new SecurityErrorResolver();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ContextSnapshotFactory.class)
	static class ContextConfiguration {

		@Bean(defaultCandidate = false)
		@ConditionalOnMissingBean(name = "rpcServerTaskDecorator")
		TaskDecorator rpcServerTaskDecorator() {
			ContextSnapshotFactory snapshots = ContextSnapshotFactory.builder().build();
			return (task) -> snapshots.captureAll().wrap(task);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ ContextSnapshotFactory.class, ReactiveSecurityContextHolder.class })
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	static class ReactiveSecurityContextConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ThreadContext rpcThreadContext() {
			return new RequestThreadContext(ContextSnapshotFactory.builder().build(),
					SecurityContextAddition.ofSubscriber());
		}

	}

	/**
	 * A method that blocks would run without the caller's identity, and nobody would
	 * notice.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ReactiveSecurityContextHolder.class)
	@ConditionalOnMissingClass("io.micrometer.context.ContextSnapshotFactory")
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	static class LostSecurityContextConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ThreadContext rpcThreadContext() {
			throw new RpcConfigurationException(
					"Spring Security cannot tell exported methods that block who calls them: on WebFlux that takes"
							+ " Micrometer's context propagation, which is not on the class path.",
					"Add io.micrometer:context-propagation, or define a bean of type RpcWebHandler.ThreadContext.");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ContextSnapshotFactory.class)
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	static class ReactiveContextConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ThreadContext rpcThreadContext() {
			return new RequestThreadContext(ContextSnapshotFactory.builder().build(), Mono.just(Context.empty()));
		}

	}

}
