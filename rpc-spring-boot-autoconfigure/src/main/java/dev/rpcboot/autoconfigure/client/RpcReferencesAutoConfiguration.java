package dev.rpcboot.autoconfigure.client;

import dev.rpcboot.client.CallSettingsResolver;
import dev.rpcboot.client.FallbackResolver;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClientSpecification;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Finds what is annotated with {@link dev.rpcboot.client.RpcReference} and
 * {@link dev.rpcboot.client.RpcFallback}, registers the references as beans, and resolves
 * how their methods are called.
 *
 * @since 0.1
 */
@AutoConfiguration
@EnableConfigurationProperties(RpcClientProperties.class)
public final class RpcReferencesAutoConfiguration {

	@Bean
	static RpcReferenceRegistrar rpcReferenceRegistrar() {
		return new RpcReferenceRegistrar();
	}

	@Bean
	static LateReferenceRegistrar rpcLateReferenceRegistrar() {
		return new LateReferenceRegistrar();
	}

	@Bean
	static ReferenceCandidateResolver.Installer rpcReferenceCandidateResolverInstaller() {
		return new ReferenceCandidateResolver.Installer();
	}

	@Bean
	@ConditionalOnMissingBean
	CallSettingsResolver rpcCallSettingsResolver(RpcClientProperties properties) {
		return new PropertiesCallSettingsResolver(properties);
	}

	@Bean
	@ConditionalOnMissingBean
	FallbackResolver rpcFallbackResolver(ListableBeanFactory beanFactory) {
		return new BeanFallbackResolver(beanFactory);
	}

	@Bean
	ReferenceStartupCheck rpcReferenceStartupCheck(ConfigurableListableBeanFactory beanFactory,
			RpcClientProperties properties, CallSettingsResolver settings, ObjectProvider<TargetDiscovery> discovery,
			ObjectProvider<SslBundles> sslBundles) {
		return new ReferenceStartupCheck(beanFactory, properties, settings,
				discovery.getIfAvailable(() -> (target) -> false), sslBundles);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ DiscoveryClient.class, LoadBalancerClientFactory.class })
	static class DiscoveryConfiguration {

		@Bean
		DiscoveredTargets rpcDiscoveredTargets(ObjectProvider<LoadBalancerClientFactory> loadBalancers,
				ObjectProvider<LoadBalancerClientSpecification> specifications,
				ObjectProvider<ServiceInstanceListSupplier> suppliers, ObjectProvider<DiscoveryClient> clients,
				ObjectProvider<ReactiveDiscoveryClient> reactiveClients) {
			return new DiscoveredTargets(loadBalancers, specifications, suppliers, clients, reactiveClients);
		}

	}

}
