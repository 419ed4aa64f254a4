package dev.rpcboot.jsonrpc;

import java.io.File;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Serializable;
import java.io.Writer;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Type;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;

import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.RpcConfigurationException;
import tools.jackson.databind.JavaType;

/**
 * Refuses types that must not cross the wire: those that would let a peer choose a class
 * or reach the file system or the network, and those that leave open what they carry.
 */
final class RefusedTypes {

	private static final List<Class<?>> DANGEROUS = List.of(
			// looked up by the name that the peer gives
			Type.class, ClassLoader.class, AnnotatedElement.class,
			// resolved in the name service when decoded or compared
			InetAddress.class, SocketAddress.class, URL.class,
			// what they stand for is on this machine
			File.class, Path.class, InputStream.class, OutputStream.class, Reader.class, Writer.class, Thread.class,
			ThreadGroup.class);

	private final ContractMethod method;

	RefusedTypes(ContractMethod method) {
		this.method = method;
	}

	/**
	 * Looks at the type itself, not at what it is made of.
	 * @throws RpcConfigurationException if it must not stand at that place
	 */
	void check(String place, JavaType type) {
		Class<?> raw = type.getRawClass();
		if (DANGEROUS.stream().anyMatch((dangerous) -> dangerous.isAssignableFrom(raw))) {
			throw refused(place, type, "must not cross the wire",
					"Pass the content itself, as a String, a byte[] or a record.");
		}
		if (this.method.untyped()) {
			return;
		}
		// Jackson reads any JSON for Serializable, too
		if (raw == Object.class || raw == Serializable.class) {
			throw refused(place, type, "says nothing of what it carries",
					"Declare a concrete type, or opt in to plain JSON values with @RpcMethod(untyped = true).");
		}
		if (raw.getTypeParameters().length > 0 && type.getBindings().isEmpty()) {
			throw refused(place, type, "is raw", "Write its type arguments, such as List<Order>.");
		}
	}

	private RpcConfigurationException refused(String place, JavaType type, String why, String action) {
		return new RpcConfigurationException("The type " + type.getRawClass().getTypeName() + " of " + place + " in "
				+ this.method.method().toGenericString() + " " + why + ".", action);
	}

}
