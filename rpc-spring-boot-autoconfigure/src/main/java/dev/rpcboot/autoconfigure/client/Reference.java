package dev.rpcboot.autoconfigure.client;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.ResolvableType;

/**
 * What tells one reference from another, and the bean definition that stands for it.
 *
 * @param contract the interface that is called
 * @param target the application that serves it
 */
record Reference(Class<?> contract, String target) {

	/**
	 * Attribute of the bean definition that holds the target. Spring compares a
	 * qualifier's attributes with those of the definition; qualifiers of the definition
	 * would be lost in the code that AOT processing generates.
	 */
	static final String TARGET_ATTRIBUTE = "value";

	/**
	 * The reference that a bean definition stands for, or {@code null}.
	 */
	static @Nullable Reference of(BeanDefinition definition) {
		return (definition.getAttribute(TARGET_ATTRIBUTE) instanceof String target
				&& definition.getAttribute(FactoryBean.OBJECT_TYPE_ATTRIBUTE) instanceof Class<?> contract
				&& ReferenceFactoryBean.class.getName().equals(definition.getBeanClassName()))
						? new Reference(contract, target) : null;
	}

	String beanName() {
		return "rpcReference:" + this.target + ":" + this.contract.getName();
	}

	/**
	 * Registers the bean definition, unless it is there.
	 */
	void register(BeanDefinitionRegistry registry) {
		if (registry.containsBeanDefinition(beanName())) {
			return;
		}
		RootBeanDefinition definition = new RootBeanDefinition(ReferenceFactoryBean.class);
		definition.setTargetType(ResolvableType.forClassWithGenerics(ReferenceFactoryBean.class, this.contract));
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, this.contract);
		definition.getConstructorArgumentValues().addIndexedArgumentValue(1, this.target);
		definition.setAutowireMode(RootBeanDefinition.AUTOWIRE_CONSTRUCTOR);
		definition.setAttribute(FactoryBean.OBJECT_TYPE_ATTRIBUTE, this.contract);
		definition.setAttribute(TARGET_ATTRIBUTE, this.target);
		// a local implementation stays the candidate where nobody asks for a target
		definition.setFallback(true);
		definition.setLazyInit(true);
		definition.setDescription("Reference to " + this);
		registry.registerBeanDefinition(beanName(), definition);
	}

	@Override
	public String toString() {
		return this.contract.getName() + " on " + this.target;
	}

}
