package dev.rpcboot.autoconfigure.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.rpcboot.call.Contract;
import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.jsonrpc.JsonRpcMapper;
import dev.rpcboot.server.ExportedService;
import dev.rpcboot.server.RpcService;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;

/**
 * Finds the beans that are to be exported, and the contract of each.
 */
final class ServiceExporter {

	private static final List<String> FOREIGN = List.of("java.", "javax.", "jakarta.", "kotlin.", "groovy.",
			"org.springframework.", "dev.rpcboot.Rpc");

	private final ConfigurableListableBeanFactory beans;

	private final JsonRpcMapper mapper;

	ServiceExporter(ConfigurableListableBeanFactory beans, JsonRpcMapper mapper) {
		this.beans = beans;
		this.mapper = mapper;
	}

	List<ExportedService> export() {
		Map<String, RpcService> exported = new LinkedHashMap<>();
		for (String name : this.beans.getBeanDefinitionNames()) {
			RpcService annotation = this.beans.getBeanDefinition(name).isAbstract() ? null : annotation(name);
			if (annotation != null) {
				// of a scoped bean the proxy is exported, not the instance of one scope
				exported.putIfAbsent(
						ScopedProxyUtils.isScopedTarget(name) ? ScopedProxyUtils.getOriginalBeanName(name) : name,
						annotation);
			}
		}
		List<ExportedService> services = new ArrayList<>();
		exported.forEach((name, annotation) -> services.add(export(name, annotation)));
		return services;
	}

	private @Nullable RpcService annotation(String name) {
		RpcService annotation = this.beans.findAnnotationOnBean(name, RpcService.class, false);
		if (annotation != null) {
			return annotation;
		}
		// a bean from a @Bean method, behind a JDK proxy, shows the annotations of its
		// class no more
		Class<?> target = AutoProxyUtils.determineTargetClass(this.beans, name);
		return (target != null) ? AnnotatedElementUtils.findMergedAnnotation(target, RpcService.class) : null;
	}

	private ExportedService export(String name, RpcService annotation) {
		// the bean is kept as it is: the proxy has the transactions and the security
		Object bean = this.beans.getBean(name);
		Class<?> userClass = ClassUtils.getUserClass(AopProxyUtils.ultimateTargetClass(bean));
		Class<?> type = (annotation.value() != void.class) ? annotation.value() : onlyContract(name, userClass);
		Contract contract = Contract.of(type);
		if (!type.isAssignableFrom(userClass)) {
			throw new RpcConfigurationException("The bean '" + name + "' is exported as " + type.getName() + ", but "
					+ userClass.getName() + " does not implement it.",
					"Implement the interface, or name another in @RpcService.");
		}
		if (!type.isInstance(bean)) {
			throw new RpcConfigurationException(
					"The proxy around the bean '" + name + "' does not implement " + type.getName() + ".",
					"Let the proxy have all interfaces of " + userClass.getName()
							+ ", or be a subclass of it (proxyTargetClass = true).");
		}
		return ExportedService.of(contract, bean, this.mapper);
	}

	private static Class<?> onlyContract(String name, Class<?> userClass) {
		if (Arrays.stream(userClass.getInterfaces()).anyMatch((type) -> type.isAnnotationPresent(RpcService.class))) {
			throw new RpcConfigurationException("@RpcService stands on an interface of " + userClass.getName() + ".",
					"Put it on the class that implements the interface; a contract needs no annotation.");
		}
		List<Class<?>> candidates = candidates(userClass);
		if (candidates.size() == 1) {
			return candidates.get(0);
		}
		if (candidates.isEmpty()) {
			throw new RpcConfigurationException(
					"The bean '" + name + "' of " + userClass.getName()
							+ " is to be exported, but implements no interface of its own.",
					"Declare its remote methods in an interface and implement that.");
		}
		throw new RpcConfigurationException(
				"The bean '" + name + "' of " + userClass.getName() + " implements more than one interface: "
						+ String.join(", ", candidates.stream().map(Class::getName).toList()) + ".",
				"Name the one to export: @RpcService(" + candidates.get(0).getSimpleName() + ".class).");
	}

	/**
	 * The interfaces that may be meant: those with methods, without those that another
	 * one extends.
	 */
	private static List<Class<?>> candidates(Class<?> userClass) {
		List<Class<?>> interfaces = Arrays.stream(ClassUtils.getAllInterfacesForClass(userClass))
			.filter((type) -> FOREIGN.stream().noneMatch(type.getName()::startsWith) && type.getMethods().length > 0)
			.toList();
		return interfaces.stream()
			.filter((type) -> interfaces.stream().noneMatch((other) -> other != type && type.isAssignableFrom(other)))
			.toList();
	}

}
