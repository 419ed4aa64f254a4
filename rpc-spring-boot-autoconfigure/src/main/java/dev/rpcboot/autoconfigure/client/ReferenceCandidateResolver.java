package dev.rpcboot.autoconfigure.client;

import java.lang.annotation.Annotation;

import dev.rpcboot.client.RpcReference;

import org.springframework.beans.TypeConverter;
import org.springframework.beans.factory.config.BeanDefinitionHolder;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ContextAnnotationAutowireCandidateResolver;
import org.springframework.core.PriorityOrdered;

/**
 * Keeps a bean that is merely named like a target from being taken for its reference:
 * Spring accepts a bean's name in place of a qualifier's value.
 */
final class ReferenceCandidateResolver extends ContextAnnotationAutowireCandidateResolver {

	@Override
	protected boolean checkQualifier(BeanDefinitionHolder candidate, Annotation annotation,
			TypeConverter typeConverter) {
		return super.checkQualifier(candidate, annotation, typeConverter)
				&& (annotation.annotationType() != RpcReference.class
						|| isMarked((RootBeanDefinition) candidate.getBeanDefinition()));
	}

	/**
	 * As a reference, or as what stands in for one: a mock of a test, whose definition
	 * remembers the annotated field, or a bean whose method bears the annotation.
	 */
	private boolean isMarked(RootBeanDefinition definition) {
		return definition.hasAttribute(Reference.TARGET_ATTRIBUTE)
				|| getQualifiedElementAnnotation(definition, RpcReference.class) != null
				|| getFactoryMethodAnnotation(definition, RpcReference.class) != null;
	}

	/**
	 * Puts the resolver in place of Spring's, before any bean is looked for; another
	 * library's is left alone.
	 */
	static final class Installer implements BeanFactoryPostProcessor, PriorityOrdered {

		@Override
		public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
			if (beanFactory instanceof DefaultListableBeanFactory factory && factory.getAutowireCandidateResolver()
				.getClass() == ContextAnnotationAutowireCandidateResolver.class) {
				factory.setAutowireCandidateResolver(new ReferenceCandidateResolver());
			}
		}

		@Override
		public int getOrder() {
			return HIGHEST_PRECEDENCE;
		}

	}

}
