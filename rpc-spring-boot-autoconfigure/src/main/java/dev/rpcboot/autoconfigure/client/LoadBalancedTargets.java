package dev.rpcboot.autoconfigure.client;

import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClientSpecification;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.util.ClassUtils;

/**
 * Tells the load balancer of the targets while the application is processed ahead of
 * time: it makes a child context for each target, and one that was not generated then
 * cannot be made later.
 */
final class LoadBalancedTargets {

	private static final boolean PRESENT = ClassUtils.isPresent(
			"org.springframework.cloud.loadbalancer.annotation.LoadBalancerClientSpecification",
			LoadBalancedTargets.class.getClassLoader());

	private LoadBalancedTargets() {
	}

	/**
	 * Registers the target, unless the application has configured it itself.
	 */
	static void register(BeanDefinitionRegistry registry, String target) {
		if (PRESENT && Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
			Registration.register(registry, target);
		}
	}

	// apart, so that the library may be absent
	private static final class Registration {

		static void register(BeanDefinitionRegistry registry, String target) {
			// the name that @LoadBalancerClient gives to its own
			String name = target + "." + LoadBalancerClientSpecification.class.getSimpleName();
			if (!registry.containsBeanDefinition(name)) {
				RootBeanDefinition definition = new RootBeanDefinition(LoadBalancerClientSpecification.class);
				definition.getConstructorArgumentValues().addIndexedArgumentValue(0, target);
				definition.getConstructorArgumentValues().addIndexedArgumentValue(1, new Class<?>[0]);
				registry.registerBeanDefinition(name, definition);
			}
		}

	}

}
