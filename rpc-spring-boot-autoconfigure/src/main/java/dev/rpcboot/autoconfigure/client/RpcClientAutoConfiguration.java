package dev.rpcboot.autoconfigure.client;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rpcboot.client.CallExecutor;
import dev.rpcboot.client.CallSettingsResolver;
import dev.rpcboot.client.CallTimer;
import dev.rpcboot.client.FallbackResolver;
import dev.rpcboot.client.RpcClient;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.RpcTransport;
import dev.rpcboot.client.interceptor.AttemptEventInterceptor;
import dev.rpcboot.client.interceptor.Alternatives;
import dev.rpcboot.client.interceptor.BroadcastInterceptor;
import dev.rpcboot.client.interceptor.CacheInterceptor;
import dev.rpcboot.client.interceptor.CircuitBreakerInterceptor;
import dev.rpcboot.client.interceptor.DeadlineInterceptor;
import dev.rpcboot.client.interceptor.HedgingInterceptor;
import dev.rpcboot.client.interceptor.InstanceSource;
import dev.rpcboot.client.balance.BalancedTargets;
import dev.rpcboot.client.balance.LoadBalancingInterceptor;
import dev.rpcboot.client.interceptor.ObservationInterceptor;
import dev.rpcboot.client.interceptor.PrincipalInterceptor;
import dev.rpcboot.client.balance.RegisteredInstances;
import dev.rpcboot.client.interceptor.RetryInterceptor;
import dev.rpcboot.client.interceptor.RpcClientObservationConvention;
import dev.rpcboot.client.interceptor.TargetInterceptor;
import dev.rpcboot.client.interceptor.ThrottlingInterceptor;
import dev.rpcboot.jsonrpc.JsonRpcLimits;
import dev.rpcboot.jsonrpc.JsonRpcMapper;
import dev.rpcboot.jsonrpc.RpcJsonMapperCustomizer;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.observation.ObservationRegistry;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.thread.Threading;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClientSpecification;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Auto-configuration of the caller's side: the stages of a call and the client that makes
 * references. Each stage gives way to a bean of its name.
 *
 * @since 0.1
 */
@AutoConfiguration(after = RpcTransportAutoConfiguration.class,
		afterName = { "org.springframework.cloud.loadbalancer.config.LoadBalancerAutoConfiguration",
				"org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
				"io.github.resilience4j.springboot.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration" })
@ConditionalOnClass(JsonMapper.class)
@ConditionalOnBean(RpcTransport.class)
public final class RpcClientAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	RpcClient rpcClient(RpcTransport transport, ObjectProvider<RpcClientInterceptor> interceptors,
			ObjectProvider<RpcJsonMapperCustomizer> customizers, CallSettingsResolver settings,
			FallbackResolver fallbacks, CallExecutor executor, CallTimer timer) {
		// the stages are asked for late; their timer is asked for here, so that it
		// outlives the references
		JsonRpcMapper mapper = JsonRpcMapper.create(JsonRpcLimits.DEFAULTS, customizers.orderedStream().toList());
		return new RpcClient(mapper, transport, () -> interceptors.orderedStream().toList(), settings, fallbacks,
				executor.executor(), timer);
	}

	@Bean
	@ConditionalOnMissingBean
	CallTimer rpcCallTimer() {
		return new CallTimer();
	}

	@Bean
	@ConditionalOnMissingBean
	CallExecutor rpcCallExecutor(Environment environment) {
		return Threading.VIRTUAL.isActive(environment) ? new CallExecutor(new VirtualThreadTaskExecutor("rpc-client-"))
				: new CallExecutor();
	}

	@Bean
	@ConditionalOnMissingBean(name = "rpcDeadlineInterceptor")
	RpcClientInterceptor rpcDeadlineInterceptor(CallTimer timer) {
		return new DeadlineInterceptor(timer);
	}

	@Bean
	@ConditionalOnMissingBean(name = "rpcRetryInterceptor")
	RpcClientInterceptor rpcRetryInterceptor(CallTimer timer, ObjectProvider<Alternatives> alternatives) {
		return new RetryInterceptor(timer, alternatives.getIfAvailable(() -> Alternatives.NONE));
	}

	@Bean
	@ConditionalOnMissingBean(name = "rpcHedgingInterceptor")
	RpcClientInterceptor rpcHedgingInterceptor(CallTimer timer, CallExecutor executor) {
		return new HedgingInterceptor(timer, executor.executor());
	}

	@Bean
	@ConditionalOnMissingBean(name = "rpcThrottlingInterceptor")
	RpcClientInterceptor rpcThrottlingInterceptor() {
		return new ThrottlingInterceptor();
	}

	@Bean
	// before the one that chooses an instance
	@Order(Ordered.HIGHEST_PRECEDENCE)
	@ConditionalOnMissingBean(name = "rpcBroadcastInterceptor")
	RpcClientInterceptor rpcBroadcastInterceptor(CallTimer timer, ObjectProvider<InstanceSource> instances,
			CallExecutor executor) {
		return new BroadcastInterceptor(timer, instances.getIfAvailable(), executor.executor());
	}

	// Not in a nested class: those come in no promised order, but always before this
	// one's
	// own beans.
	@Bean
	@ConditionalOnMissingBean(name = "rpcTargetInterceptor")
	RpcClientInterceptor rpcTargetInterceptor() {
		return new TargetInterceptor(null);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(LoadBalancerClientFactory.class)
	@ConditionalOnBean(LoadBalancerClientFactory.class)
	static class LoadBalancerConfiguration {

		@Bean
		@ConditionalOnMissingBean
		BalancedTargets rpcBalancedTargets(LoadBalancerClientFactory factory) {
			return new BalancedTargets(factory);
		}

		@Bean
		@ConditionalOnMissingBean(name = "rpcTargetInterceptor")
		RpcClientInterceptor rpcTargetInterceptor(BalancedTargets targets) {
			return new TargetInterceptor(new LoadBalancingInterceptor(targets));
		}

		@Bean
		@ConditionalOnBooleanProperty("rpc.client.load-balancing.all-clients")
		LoadBalancerClientSpecification rpcBalancedClientsSpecification() {
			// by its name it holds for every target
			return new LoadBalancerClientSpecification("default.rpc",
					new Class<?>[] { BalancedClientsConfiguration.class });
		}

		@Bean
		@ConditionalOnMissingBean
		InstanceSource rpcInstanceSource(ObjectProvider<DiscoveryClient> registries,
				LoadBalancerClientFactory factory) {
			return new RegisteredInstances(registries::getIfAvailable, factory);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Caffeine.class)
	static class CacheConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "rpcCacheInterceptor")
		RpcClientInterceptor rpcCacheInterceptor(RpcClientProperties properties, CallTimer timer,
				CallExecutor executor) {
			return new CacheInterceptor(properties.cache().maxEntries(), timer, executor.executor());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SecurityContextHolder.class)
	static class PrincipalConfiguration {

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		@ConditionalOnMissingBean(name = "rpcPrincipalInterceptor")
		RpcClientInterceptor rpcPrincipalInterceptor() {
			return new PrincipalInterceptor();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(CircuitBreakerRegistry.class)
	static class CircuitBreakerConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "rpcCircuitBreakerInterceptor")
		RpcClientInterceptor rpcCircuitBreakerInterceptor(ObjectProvider<CircuitBreakerRegistry> registry,
				ObjectProvider<Alternatives> alternatives) {
			return new CircuitBreakerInterceptor(registry.getIfAvailable(CircuitBreakerRegistry::ofDefaults),
					alternatives.getIfAvailable(() -> Alternatives.NONE));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ObservationRegistry.class)
	@ConditionalOnBean(ObservationRegistry.class)
	static class ObservationConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "rpcObservationInterceptor")
		RpcClientInterceptor rpcObservationInterceptor(ObservationRegistry registry,
				ObjectProvider<RpcClientObservationConvention> convention) {
			return new ObservationInterceptor(registry, convention.getIfAvailable());
		}

		@Bean
		@ConditionalOnMissingBean(name = "rpcAttemptEventInterceptor")
		RpcClientInterceptor rpcAttemptEventInterceptor() {
			return new AttemptEventInterceptor();
		}

	}

}
