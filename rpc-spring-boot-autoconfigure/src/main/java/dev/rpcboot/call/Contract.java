package dev.rpcboot.call;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * An interface as the wire sees it: a service name and a closed set of methods. Read once
 * at start, the same way by provider and consumer. Immutable.
 *
 * @since 0.1
 */
public final class Contract {

	private final Class<?> type;

	private final String service;

	private final Map<String, ContractMethod> byName = new LinkedHashMap<>();

	private final Map<Method, ContractMethod> byMethod;

	/**
	 * Creates one.
	 * @param byMethod every Java method by which a remote method can be invoked; a method
	 * that is inherited twice stands here twice
	 */
	Contract(Class<?> type, String service, Map<Method, ContractMethod> byMethod) {
		this.type = type;
		this.service = service;
		this.byMethod = Map.copyOf(byMethod);
		byMethod.values().forEach((method) -> this.byName.put(method.name(), method));
	}

	/**
	 * Reads the contract that an interface states.
	 * @throws RpcConfigurationException if it cannot be called remotely, with the way to
	 * mend it
	 */
	public static Contract of(Class<?> type) {
		return new ContractReader(type).read();
	}

	/**
	 * The interface.
	 */
	public Class<?> type() {
		return this.type;
	}

	/**
	 * Name of the service on the wire.
	 */
	public String service() {
		return this.service;
	}

	/**
	 * The remote methods.
	 */
	public Collection<ContractMethod> methods() {
		return this.byName.values();
	}

	/**
	 * The remote method of exactly that wire name, or {@code null}.
	 */
	public @Nullable ContractMethod method(String name) {
		return this.byName.get(name);
	}

	/**
	 * The remote method that a Java method of the interface stands for, or {@code null}
	 * if it is not remote.
	 */
	public @Nullable ContractMethod method(Method method) {
		return this.byMethod.get(method);
	}

	@Override
	public String toString() {
		return this.service;
	}

}
