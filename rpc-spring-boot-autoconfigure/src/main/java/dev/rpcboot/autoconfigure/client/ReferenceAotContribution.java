package dev.rpcboot.autoconfigure.client;

import java.util.Set;
import java.util.function.Predicate;

import dev.rpcboot.call.Contract;
import dev.rpcboot.call.ContractError;
import dev.rpcboot.call.ContractMethod;

import org.springframework.aot.generate.GenerationContext;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationCode;
import org.springframework.beans.factory.aot.BeanRegistrationCodeFragments;
import org.springframework.beans.factory.aot.BeanRegistrationCodeFragmentsDecorator;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.javapoet.ClassName;
import org.springframework.javapoet.CodeBlock;

/**
 * Carries one reference through AOT processing: the attributes of its definition, and
 * what a native image must keep for its proxy and its types.
 */
final class ReferenceAotContribution {

	private static final Set<String> ATTRIBUTES = Set.of(Reference.TARGET_ATTRIBUTE, FactoryBean.OBJECT_TYPE_ATTRIBUTE);

	private ReferenceAotContribution() {
	}

	static BeanRegistrationAotContribution of(Reference reference) {
		Contract contract = Contract.of(reference.contract());
		return BeanRegistrationAotContribution
			.withCustomCodeFragments((fragments) -> new Fragments(fragments, contract));
	}

	private static void registerHints(RuntimeHints hints, Contract contract) {
		hints.proxies().registerJdkProxy(contract.type());
		hints.reflection().registerType(contract.type(), MemberCategory.INVOKE_PUBLIC_METHODS);
		BindingReflectionHintsRegistrar binding = new BindingReflectionHintsRegistrar();
		for (ContractMethod method : contract.methods()) {
			binding.registerReflectionHints(hints.reflection(), method.resultType());
			method.parameters()
				.forEach((parameter) -> binding.registerReflectionHints(hints.reflection(), parameter.type()));
			method.errors().forEach((error) -> registerHints(hints, binding, error));
		}
	}

	private static void registerHints(RuntimeHints hints, BindingReflectionHintsRegistrar binding,
			ContractError error) {
		hints.reflection()
			.registerType(error.exceptionType(), MemberCategory.INVOKE_DECLARED_CONSTRUCTORS,
					MemberCategory.INVOKE_PUBLIC_METHODS);
		for (ContractError.Parameter parameter : error.parameters()) {
			if (parameter instanceof ContractError.Parameter.Attribute attribute) {
				binding.registerReflectionHints(hints.reflection(), attribute.type());
			}
		}
	}

	private static final class Fragments extends BeanRegistrationCodeFragmentsDecorator {

		private final Contract contract;

		Fragments(BeanRegistrationCodeFragments delegate, Contract contract) {
			super(delegate);
			this.contract = contract;
		}

		/**
		 * Beside the contract, which may be visible to its own package alone.
		 */
		@Override
		public ClassName getTarget(RegisteredBean registeredBean) {
			return ClassName.get(this.contract.type());
		}

		@Override
		public CodeBlock generateSetBeanDefinitionPropertiesCode(GenerationContext generationContext,
				BeanRegistrationCode beanRegistrationCode, RootBeanDefinition beanDefinition,
				Predicate<String> attributeFilter) {
			registerHints(generationContext.getRuntimeHints(), this.contract);
			return super.generateSetBeanDefinitionPropertiesCode(generationContext, beanRegistrationCode,
					beanDefinition, attributeFilter.or(ATTRIBUTES::contains));
		}

	}

}
