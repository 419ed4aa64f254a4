package dev.rpcboot.autoconfigure.client;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.PropertyValues;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.config.InstantiationAwareBeanPostProcessor;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.core.PriorityOrdered;
import org.springframework.util.ClassUtils;

/**
 * Registers references of classes that no bean definition shows, just before they are
 * injected: tests, beans behind a {@code @Bean} method that declares an interface, and
 * objects that are created by the bean factory without a definition. Safe for concurrent
 * use.
 */
final class LateReferenceRegistrar implements InstantiationAwareBeanPostProcessor, PriorityOrdered, BeanFactoryAware {

	private final ReferenceFinder finder = new ReferenceFinder();

	private final Set<Class<?>> seen = ConcurrentHashMap.newKeySet();

	private @Nullable BeanDefinitionRegistry registry;

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.registry = (BeanDefinitionRegistry) beanFactory;
	}

	@Override
	public @Nullable Object postProcessBeforeInstantiation(Class<?> beanClass, String beanName) {
		register(beanClass);
		return null;
	}

	@Override
	public PropertyValues postProcessProperties(PropertyValues properties, Object bean, String beanName) {
		register(bean.getClass());
		return properties;
	}

	private void register(Class<?> beanClass) {
		Class<?> type = ClassUtils.getUserClass(beanClass);
		BeanDefinitionRegistry target = this.registry;
		if (target == null || this.seen.contains(type)) {
			return;
		}
		synchronized (this.seen) {
			this.finder.findIn(type).forEach((reference) -> reference.register(target));
			this.seen.add(type);
		}
	}

	/**
	 * Before the post-processor that injects.
	 */
	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

}
