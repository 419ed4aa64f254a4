package dev.rpcboot.jsonrpc;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.ObjectWriter;

/**
 * Encodes parameters of which no contract says the types, by what they are at run time.
 * Safe for concurrent use.
 *
 * @since 0.1
 */
public final class ParamsWriter {

	private final ObjectWriter writer;

	private final String method;

	/**
	 * Creates one.
	 * @param method the method's name, for messages
	 */
	public ParamsWriter(JsonRpcMapper mapper, String method) {
		this.writer = mapper.mapper().writer();
		this.method = method;
	}

	/**
	 * Encodes parameters by position.
	 * @throws IllegalArgumentException if one of them cannot be encoded
	 */
	public byte[] positional(List<? extends @Nullable Object> arguments) {
		ByteArrayOutputStream out = new ByteArrayOutputStream(256);
		try (JsonGenerator json = this.writer.createGenerator(out)) {
			json.writeStartArray();
			int position = 0;
			for (Object argument : arguments) {
				write(json, "Argument " + ++position, argument);
			}
			json.writeEndArray();
		}
		return out.toByteArray();
	}

	/**
	 * Encodes parameters by name.
	 * @throws IllegalArgumentException if one of them cannot be encoded
	 */
	public byte[] named(Map<String, ? extends @Nullable Object> arguments) {
		ByteArrayOutputStream out = new ByteArrayOutputStream(256);
		try (JsonGenerator json = this.writer.createGenerator(out)) {
			json.writeStartObject();
			arguments.forEach((name, argument) -> {
				json.writeName(name);
				write(json, "Argument '" + name + "'", argument);
			});
			json.writeEndObject();
		}
		return out.toByteArray();
	}

	private void write(JsonGenerator json, String which, @Nullable Object argument) {
		try {
			this.writer.writeValue(json, argument);
		}
		// wide, because serializers and accessors are user code
		catch (RuntimeException ex) {
			throw new IllegalArgumentException(
					which + " of " + this.method + ", of type "
							+ ((argument != null) ? argument.getClass().getTypeName() : "null") + ", cannot be encoded",
					ex);
		}
	}

}
