package dev.rpcboot.autoconfigure.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.rpcboot.autoconfigure.client.RpcClientProperties.Call;
import dev.rpcboot.call.Contract;
import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.client.CallSettings;
import dev.rpcboot.client.CallSettingsResolver;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.ssl.SslBundles;

/**
 * Checks all references when the application starts, also those that are created later:
 * contract, settings, fallbacks, SSL bundles, and that something could tell where the
 * target is.
 */
final class ReferenceStartupCheck implements SmartInitializingSingleton {

	private final ConfigurableListableBeanFactory beanFactory;

	private final RpcClientProperties properties;

	private final CallSettingsResolver settings;

	private final BeanFallbackResolver fallbacks;

	private final TargetDiscovery discovery;

	private final ObjectProvider<SslBundles> sslBundles;

	ReferenceStartupCheck(ConfigurableListableBeanFactory beanFactory, RpcClientProperties properties,
			CallSettingsResolver settings, TargetDiscovery discovery, ObjectProvider<SslBundles> sslBundles) {
		this.beanFactory = beanFactory;
		this.properties = properties;
		this.settings = settings;
		this.fallbacks = new BeanFallbackResolver(beanFactory);
		this.discovery = discovery;
		this.sslBundles = sslBundles;
	}

	@Override
	public void afterSingletonsInstantiated() {
		List<Reference> references = references();
		references.forEach(this::check);
		this.properties.targets()
			.forEach((target, settings) -> settings.methods()
				.forEach((service, methods) -> checkMethods(target, service, methods, references)));
	}

	private List<Reference> references() {
		List<Reference> references = new ArrayList<>();
		for (String name : this.beanFactory.getBeanNamesForType(ReferenceFactoryBean.class, true, false)) {
			Reference reference = Reference
				.of(this.beanFactory.getMergedBeanDefinition(BeanFactoryUtils.transformedBeanName(name)));
			if (reference != null) {
				references.add(reference);
			}
		}
		return references;
	}

	private void check(Reference reference) {
		this.fallbacks.check(reference);
		new HashArgumentCheck(this.settings).check(reference);
		for (ContractMethod method : Contract.of(reference.contract()).methods()) {
			CallSettings resolved = this.settings.resolve(reference.target(), method);
			if (resolved.url() == null && !this.discovery.mayKnow(reference.target())) {
				throw unknownTarget(reference);
			}
			checkBundle(reference.target(), resolved.transport().sslBundle());
		}
	}

	private void checkBundle(String target, @Nullable String bundle) {
		List<String> known = this.sslBundles.stream().flatMap((bundles) -> bundles.getBundleNames().stream()).toList();
		if (bundle != null && !known.contains(bundle)) {
			String property = PropertiesCallSettingsResolver.targetProperty(target) + ".ssl.bundle";
			throw new RpcConfigurationException(property + " names '" + bundle + "', but there is no such SSL bundle.",
					"Configure spring.ssl.bundle.pem." + bundle + " or spring.ssl.bundle.jks." + bundle + ", or set "
							+ property + " to one of those that exist: " + known + ".");
		}
	}

	private static RpcConfigurationException unknownTarget(Reference reference) {
		String property = PropertiesCallSettingsResolver.targetProperty(reference.target()) + ".url";
		return new RpcConfigurationException(
				"Nothing tells where the target '" + reference.target() + "' of the reference to "
						+ reference.contract().getName() + " is: " + property
						+ " is not set, and there is no discovery client that could know it.",
				"Set " + property
						+ " to the application's base URL, such as http://localhost:8080; or list its instances"
						+ " under spring.cloud.discovery.client.simple.instances."
						+ RelaxedKeys.written(reference.target())
						+ "; or add the discovery client of your registry to the class path.");
	}

	/**
	 * A service that no reference calls is left alone: several applications may share one
	 * file of properties.
	 */
	private void checkMethods(String target, String service, Map<String, Call> methods, List<Reference> references) {
		List<String> known = references.stream()
			.filter((reference) -> this.properties.target(reference.target()) == this.properties.targets().get(target))
			.map((reference) -> Contract.of(reference.contract()))
			.filter((contract) -> RelaxedKeys.same(service, contract.service()))
			.flatMap((contract) -> contract.methods().stream())
			.map(ContractMethod::name)
			.distinct()
			.toList();
		for (String method : methods.keySet()) {
			if (!known.isEmpty() && known.stream().noneMatch((name) -> RelaxedKeys.same(method, name))) {
				String property = PropertiesCallSettingsResolver.targetProperty(target) + ".methods."
						+ RelaxedKeys.written(service) + "." + RelaxedKeys.written(method);
				throw new RpcConfigurationException(
						property + ".* is set, but the contract " + service + " has no method " + method + ".",
						"Rename or remove it. The methods are: " + String.join(", ", known) + ".");
			}
		}
	}

}
