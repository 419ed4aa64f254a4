package dev.rpcboot.autoconfigure.client;

import java.util.HashSet;
import java.util.Set;

import dev.rpcboot.client.RpcFallback;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeansException;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.PriorityOrdered;
import org.springframework.util.ClassUtils;

/**
 * Reads all bean definitions, without creating a bean, and registers the references that
 * they ask for. Takes fallbacks out of unqualified injection.
 * <p>
 * No {@code BeanDefinitionRegistryPostProcessor}, because only after those all
 * definitions are known; first of the others, so that a test can replace a reference.
 * <p>
 * As a {@link BeanRegistrationAotProcessor} it is left out of a context that was
 * processed ahead of time: the definitions it made are in the generated code.
 */
final class RpcReferenceRegistrar implements BeanFactoryPostProcessor, PriorityOrdered, BeanRegistrationAotProcessor {

	private static final Log logger = LogFactory.getLog(RpcReferenceRegistrar.class);

	private final ReferenceFinder finder = new ReferenceFinder();

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		Set<Class<?>> seen = new HashSet<>();
		for (String name : beanFactory.getBeanDefinitionNames()) {
			if (read(beanFactory, name) instanceof RootBeanDefinition definition) {
				markFallback(beanFactory, name);
				Set<Reference> references = new HashSet<>(findInFactoryMethods(beanFactory, definition));
				Class<?> type = beanClass(beanFactory, name, definition);
				if (type != null && seen.add(type)) {
					references.addAll(findIn(type));
				}
				references.forEach((reference) -> register(reference, (BeanDefinitionRegistry) beanFactory));
			}
		}
	}

	private static void register(Reference reference, BeanDefinitionRegistry registry) {
		reference.register(registry);
		LoadBalancedTargets.register(registry, reference.target());
	}

	private static @Nullable BeanDefinition read(ConfigurableListableBeanFactory beanFactory, String name) {
		try {
			BeanDefinition definition = beanFactory.getMergedBeanDefinition(name);
			if (!definition.isAbstract()) {
				// resolves the class of the definition
				beanFactory.getType(name, false);
				return definition;
			}
		}
		catch (BeansException ex) {
			// it fails where the bean is created, if it ever is
			logger.debug("Cannot look for references in bean '" + name + "'", ex);
		}
		return null;
	}

	private static void markFallback(ConfigurableListableBeanFactory beanFactory, String name) {
		if (beanFactory.findAnnotationOnBean(name, RpcFallback.class, false) != null
				&& beanFactory.getBeanDefinition(name) instanceof AbstractBeanDefinition definition) {
			definition.setDefaultCandidate(false);
			// the above rules injection, this one getBean(Class)
			definition.setFallback(true);
		}
	}

	private Set<Reference> findInFactoryMethods(ConfigurableListableBeanFactory beanFactory,
			RootBeanDefinition definition) {
		String factoryMethod = definition.getFactoryMethodName();
		if (factoryMethod == null) {
			return Set.of();
		}
		Class<?> factory = (definition.getFactoryBeanName() != null)
				? beanFactory.getType(definition.getFactoryBeanName(), false)
				: definition.hasBeanClass() ? definition.getBeanClass() : null;
		return (factory != null) ? this.finder.findInFactoryMethods(ClassUtils.getUserClass(factory), factoryMethod)
				: Set.of();
	}

	private Set<Reference> findIn(Class<?> type) {
		try {
			return this.finder.findIn(type);
		}
		catch (NoClassDefFoundError ex) {
			// a signature names a library that is absent: no such bean can be created
			logger.debug("Cannot look for references in " + type.getName(), ex);
			return Set.of();
		}
	}

	private static @Nullable Class<?> beanClass(ConfigurableListableBeanFactory beanFactory, String name,
			RootBeanDefinition definition) {
		// the class of a FactoryBean, not of its product, has the injection points
		Class<?> type = (definition.getFactoryMethodName() == null && definition.hasBeanClass())
				? definition.getBeanClass() : beanFactory.getType(name, false);
		return (type != null) ? ClassUtils.getUserClass(type) : null;
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean registeredBean) {
		Reference reference = Reference.of(registeredBean.getMergedBeanDefinition());
		return (reference != null) ? ReferenceAotContribution.of(reference) : null;
	}

}
