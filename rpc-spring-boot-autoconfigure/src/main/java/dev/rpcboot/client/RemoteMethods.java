package dev.rpcboot.client;

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

import dev.rpcboot.call.Contract;
import dev.rpcboot.call.ContractMethod;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ReflectionUtils;

/**
 * What is prepared for the remote methods of a contract, found by the Java method that a
 * proxy is told of: several Java methods stand for one remote method where a contract
 * overrides what it inherits. Immutable.
 *
 * @param <V> what is prepared for each
 */
final class RemoteMethods<V> {

	private final Map<Method, V> methods;

	RemoteMethods(Class<?> type, Contract contract, Function<ContractMethod, V> prepare) {
		Map<ContractMethod, V> prepared = new HashMap<>();
		contract.methods().forEach((method) -> prepared.put(method, prepare.apply(method)));
		Map<Method, V> methods = new HashMap<>();
		for (Method method : type.getMethods()) {
			// a contract need not be public
			ReflectionUtils.makeAccessible(method);
			V value = prepared.get(contract.method(method));
			if (value != null) {
				methods.put(method, value);
			}
		}
		this.methods = Map.copyOf(methods);
	}

	/**
	 * What is prepared for a Java method, or {@code null} if it is not remote.
	 */
	@Nullable V get(Method method) {
		return this.methods.get(method);
	}

}
