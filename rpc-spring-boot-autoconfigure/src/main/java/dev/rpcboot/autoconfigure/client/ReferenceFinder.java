package dev.rpcboot.autoconfigure.client;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.client.RpcReference;
import org.jspecify.annotations.Nullable;

import org.springframework.context.annotation.Bean;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/**
 * Finds the injection points that {@link RpcReference} marks, directly or through another
 * annotation, and reads which references they ask for.
 */
final class ReferenceFinder {

	// by name, so that jakarta.inject may be absent
	private static final Set<String> WRAPPERS = Set.of("org.springframework.beans.factory.ObjectProvider",
			"org.springframework.beans.factory.ObjectFactory", "java.util.Optional", "jakarta.inject.Provider");

	/**
	 * The references that beans of the class ask for: in fields, setters and other
	 * methods, those of superclasses included, and in constructors. Methods annotated
	 * with {@link Bean} are left to {@link #findInFactoryMethods}, because a condition
	 * may have dropped them.
	 * @throws RpcConfigurationException if what is marked cannot be a reference
	 */
	Set<Reference> findIn(Class<?> type) {
		Set<Reference> found = new LinkedHashSet<>();
		if (!AnnotationUtils.isCandidateClass(type, RpcReference.class)) {
			return found;
		}
		ReflectionUtils.doWithFields(type, (field) -> addField(found, type, field));
		ReflectionUtils.doWithMethods(type, (method) -> addMethod(found, type, method),
				(method) -> isInjectable(type, method));
		for (Constructor<?> constructor : type.getDeclaredConstructors()) {
			addParameters(found, type, constructor);
		}
		return found;
	}

	/**
	 * The references that parameters of factory methods of that name ask for.
	 * @throws RpcConfigurationException if what is marked cannot be a reference
	 */
	Set<Reference> findInFactoryMethods(Class<?> factory, String name) {
		Set<Reference> found = new LinkedHashSet<>();
		ReflectionUtils.doWithMethods(factory, (method) -> addParameters(found, factory, method),
				(method) -> method.getName().equals(name) && !method.isBridge());
		return found;
	}

	private static boolean isInjectable(Class<?> type, Method method) {
		return isAnnotated(method) && !method.isSynthetic() && !method.getDeclaringClass().isInterface()
				&& ClassUtils.getMostSpecificMethod(method, type).equals(method)
				&& !AnnotatedElementUtils.isAnnotated(method, Bean.class);
	}

	/**
	 * Cheap, and false for nearly all methods of the hundreds of beans that are not the
	 * application's.
	 */
	private static boolean isAnnotated(Method method) {
		return method.getAnnotations().length > 0
				|| Arrays.stream(method.getParameterAnnotations()).anyMatch((annotations) -> annotations.length > 0);
	}

	private static void addField(Set<Reference> found, Class<?> type, Field field) {
		RpcReference reference = reference(field);
		if (reference != null) {
			found.add(read(reference, ResolvableType.forField(field, type), describe(field)));
		}
	}

	private static void addMethod(Set<Reference> found, Class<?> type, Method method) {
		RpcReference reference = reference(method);
		if (reference == null) {
			addParameters(found, type, method);
			return;
		}
		// Spring applies a qualifier on a method to all parameters, and only if it is
		// void
		if (method.getParameterCount() != 1 || method.getReturnType() != void.class) {
			throw new RpcConfigurationException(
					"@RpcReference stands on " + describe(method) + ", which is no void method with one parameter.",
					"Annotate the parameter with @RpcReference, and the method with @Autowired.");
		}
		MethodParameter parameter = new MethodParameter(method, 0).withContainingClass(type);
		found.add(read(reference, ResolvableType.forMethodParameter(parameter), describe(method)));
	}

	private static void addParameters(Set<Reference> found, Class<?> type, Executable executable) {
		for (int i = 0; i < executable.getParameterCount(); i++) {
			MethodParameter parameter = MethodParameter.forExecutable(executable, i).withContainingClass(type);
			RpcReference reference = reference(
					AnnotatedElementUtils.forAnnotations(parameter.getParameterAnnotations()));
			if (reference != null) {
				found.add(read(reference, ResolvableType.forMethodParameter(parameter), describe(executable)));
			}
		}
	}

	private static @Nullable RpcReference reference(AnnotatedElement element) {
		return AnnotatedElementUtils.getMergedAnnotation(element, RpcReference.class);
	}

	private static Reference read(RpcReference annotation, ResolvableType declared, String place) {
		if (!StringUtils.hasText(annotation.value())) {
			throw new RpcConfigurationException("@RpcReference of " + place + " names no target.",
					"Name the application that serves the contract: @RpcReference(\"…\").");
		}
		Class<?> contract = (WRAPPERS.contains(declared.toClass().getName()) ? declared.getGeneric(0) : declared)
			.toClass();
		if (!contract.isInterface() || contract.getName().startsWith("java.")) {
			throw new RpcConfigurationException(
					"@RpcReference of " + place + " cannot be a reference: its type is " + declared + ".",
					"Declare the contract's interface, or an ObjectProvider or Optional of it.");
		}
		return new Reference(contract, annotation.value());
	}

	private static String describe(Field field) {
		return "field " + field.getDeclaringClass().getName() + "." + field.getName();
	}

	private static String describe(Executable executable) {
		if (executable instanceof Constructor<?>) {
			return "the constructor of " + executable.getDeclaringClass().getName();
		}
		return "method " + executable.getDeclaringClass().getName() + "." + executable.getName()
				+ Arrays.stream(executable.getParameterTypes())
					.map(Class::getSimpleName)
					.toList()
					.toString()
					.replace('[', '(')
					.replace(']', ')');
	}

}
