package dev.rpcboot.call;

import java.io.File;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Refuses types that must not, or cannot, cross the wire: those that would let a peer
 * choose a class or reach the file system or the network, and those that leave open what
 * they carry. Looks into arrays, type arguments, records and sealed hierarchies.
 */
final class ExposedTypes {

	private static final List<Class<?>> REFUSED = List.of(Class.class, ClassLoader.class, File.class, Path.class,
			InetAddress.class, InputStream.class, OutputStream.class, Thread.class, AnnotatedElement.class);

	private final String method;

	private final boolean untyped;

	private final Set<Type> seen = new HashSet<>();

	ExposedTypes(String method, boolean untyped) {
		this.method = method;
		this.untyped = untyped;
	}

	void check(String place, Type type) {
		if (!this.seen.add(type)) {
			return;
		}
		if (type instanceof Class<?> plain) {
			checkClass(place, plain);
		}
		else if (type instanceof ParameterizedType parameterized) {
			Class<?> raw = (Class<?>) parameterized.getRawType();
			refuseDangerous(place, raw);
			checkMembers(place, raw);
			Arrays.stream(parameterized.getActualTypeArguments()).forEach((argument) -> check(place, argument));
		}
		else if (type instanceof GenericArrayType array) {
			check(place, array.getGenericComponentType());
		}
		else if (type instanceof WildcardType wildcard) {
			check(place, wildcard.getUpperBounds()[0]);
		}
		else {
			throw refused(place, type, "leaves open what it is", "Declare a concrete type");
		}
	}

	private void checkClass(String place, Class<?> type) {
		if (type.isArray()) {
			check(place, type.getComponentType());
			return;
		}
		if (type == Object.class) {
			if (!this.untyped) {
				throw refused(place, type, "says nothing of what it carries",
						"Declare a concrete type, or opt in to plain JSON values with @RpcMethod(untyped = true)");
			}
			return;
		}
		refuseDangerous(place, type);
		if (type.getTypeParameters().length > 0 && !this.untyped) {
			throw refused(place, type, "is raw", "Write its type arguments, such as List<Order>");
		}
		checkMembers(place, type);
	}

	private void refuseDangerous(String place, Class<?> type) {
		for (Class<?> refused : REFUSED) {
			if (refused.isAssignableFrom(type)) {
				throw refused(place, type, "must not cross the wire",
						"Pass the content itself, as a String, a byte[] or a record");
			}
		}
	}

	private void checkMembers(String place, Class<?> type) {
		if (type.isRecord()) {
			for (RecordComponent component : type.getRecordComponents()) {
				Type componentType = component.getGenericType();
				if (!(componentType instanceof TypeVariable)) {
					check(place + ", " + type.getSimpleName() + "." + component.getName(),
							withoutVariables(componentType));
				}
			}
		}
		if (type.isSealed()) {
			for (Class<?> permitted : type.getPermittedSubclasses()) {
				checkMembers(place, permitted);
			}
		}
	}

	/**
	 * A component such as {@code List<T>} of a generic record is judged where T is known.
	 */
	private static Type withoutVariables(Type type) {
		if (type instanceof ParameterizedType parameterized
				&& Arrays.stream(parameterized.getActualTypeArguments()).anyMatch(ExposedTypes::isOpen)) {
			return String.class;
		}
		return (type instanceof GenericArrayType array && isOpen(array.getGenericComponentType())) ? String.class
				: type;
	}

	private static boolean isOpen(Type type) {
		if (type instanceof ParameterizedType parameterized) {
			return Arrays.stream(parameterized.getActualTypeArguments()).anyMatch(ExposedTypes::isOpen);
		}
		return type instanceof TypeVariable || type instanceof GenericArrayType;
	}

	private RpcConfigurationException refused(String place, Type type, String why, String action) {
		return new RpcConfigurationException(
				"The type " + type.getTypeName() + " of " + place + " in " + this.method + " " + why + ".",
				action + ".");
	}

}
