package dev.rpcboot.client;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Tells types whose values nobody can change, so that callers may share them: values of
 * the JDK, enums, and records and sealed hierarchies of nothing else.
 */
final class ImmutableTypes {

	private static final Set<Class<?>> VALUES = Set.of(String.class, Boolean.class, Character.class, Byte.class,
			Short.class, Integer.class, Long.class, Float.class, Double.class, BigDecimal.class, BigInteger.class,
			UUID.class, URI.class, void.class, Void.class);

	private ImmutableTypes() {
	}

	static boolean isImmutable(Type type) {
		return isImmutable(type, new HashSet<>());
	}

	private static boolean isImmutable(Type type, Set<Type> seen) {
		if (!seen.add(type)) {
			return true;
		}
		if (type instanceof ParameterizedType parameterized) {
			return parameterized.getRawType() == Optional.class
					&& isImmutable(parameterized.getActualTypeArguments()[0], seen);
		}
		if (!(type instanceof Class<?> plain)) {
			return false;
		}
		if (plain.isPrimitive() || plain.isEnum() || VALUES.contains(plain)
				|| plain.getPackageName().equals("java.time")) {
			return true;
		}
		if (plain.isRecord()) {
			return Arrays.stream(plain.getRecordComponents())
				.map(RecordComponent::getGenericType)
				.allMatch((component) -> isImmutable(component, seen));
		}
		return plain.isSealed() && plain.isInterface()
				&& Arrays.stream(plain.getPermittedSubclasses()).allMatch((permitted) -> isImmutable(permitted, seen));
	}

}
