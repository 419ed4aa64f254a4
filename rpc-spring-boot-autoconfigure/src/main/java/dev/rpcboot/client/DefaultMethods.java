package dev.rpcboot.client;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

import org.jspecify.annotations.Nullable;

/**
 * Runs the default methods of contracts on their proxies.
 */
final class DefaultMethods {

	private DefaultMethods() {
	}

	static @Nullable Object invoke(Object proxy, Method method, @Nullable Object[] arguments) throws Throwable {
		Class<?> declaring = method.getDeclaringClass();
		if (Modifier.isPublic(declaring.getModifiers())) {
			return InvocationHandler.invokeDefault(proxy, method, arguments);
		}
		// a contract need not be public, but the JDK's way asks whether we may see it,
		// however accessible the method was made
		return MethodHandles.privateLookupIn(declaring, MethodHandles.lookup())
			.unreflectSpecial(method, declaring)
			.bindTo(proxy)
			.invokeWithArguments(arguments);
	}

}
