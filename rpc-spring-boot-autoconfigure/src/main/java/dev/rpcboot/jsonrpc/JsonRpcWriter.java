package dev.rpcboot.jsonrpc;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.List;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcViolation;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes error responses, and joins responses to the answer of a batch. Safe for
 * concurrent use.
 *
 * @since 0.1
 */
public final class JsonRpcWriter {

	private final JsonMapper mapper;

	public JsonRpcWriter(JsonRpcMapper mapper) {
		this.mapper = mapper.mapper();
	}

	/**
	 * Encodes a whole response with an error.
	 * @param id the id to answer under, or {@code null} if it could not be read
	 * @throws IllegalArgumentException if an attribute cannot be encoded
	 */
	public byte[] error(@Nullable RawJson id, JsonRpcError error) {
		ByteArrayOutputStream out = new ByteArrayOutputStream(256);
		write(id, error, out);
		return out.toByteArray();
	}

	/**
	 * Encodes a whole response with an error that may be large, because it has attributes
	 * or violations.
	 * @param limit largest response in bytes
	 * @throws AnswerTooLargeException if it is larger
	 * @throws IllegalArgumentException if an attribute cannot be encoded
	 */
	public byte[] error(@Nullable RawJson id, JsonRpcError error, long limit) throws AnswerTooLargeException {
		BoundedOutput out = new BoundedOutput(limit, 256);
		try {
			write(id, error, out);
		}
		catch (IllegalArgumentException ex) {
			if (out.isExceeded()) {
				throw new AnswerTooLargeException(limit);
			}
			throw ex;
		}
		return out.toByteArray();
	}

	private void write(@Nullable RawJson id, JsonRpcError error, OutputStream out) {
		try (JsonGenerator json = this.mapper.createGenerator(out)) {
			json.writeStartObject();
			json.writeStringProperty("jsonrpc", "2.0");
			json.writeName("id");
			json.writeRawValue((id != null) ? id.text() : "null");
			json.writeObjectPropertyStart("error");
			json.writeNumberProperty("code", error.code());
			json.writeStringProperty("message", ErrorTexts.message(error.message()));
			writeData(json, error);
			json.writeEndObject();
			json.writeEndObject();
		}
		// wide, because accessors of the attributes are user code
		catch (RuntimeException ex) {
			throw new IllegalArgumentException("The attributes of the error '" + error.type() + "' cannot be encoded",
					ex);
		}
	}

	/**
	 * Joins encoded responses to an array, in order.
	 */
	public byte[] batch(List<byte[]> responses) {
		int size = responses.stream().mapToInt((response) -> response.length + 1).sum() + 2;
		ByteArrayOutputStream out = new ByteArrayOutputStream(size);
		char separator = '[';
		for (byte[] response : responses) {
			out.write(separator);
			out.writeBytes(response);
			separator = ',';
		}
		out.write(']');
		return out.toByteArray();
	}

	private static void writeData(JsonGenerator json, JsonRpcError error) {
		json.writeObjectPropertyStart("data");
		if (error.status() != null) {
			json.writeStringProperty("reason", error.status().name());
		}
		json.writeStringProperty("executed", executed(error.execution()));
		if (error.retryAfter() != null) {
			json.writeNumberProperty("retryAfterMs", error.retryAfter().toMillis());
		}
		if (!error.retry()) {
			json.writeStringProperty("retry", "never");
		}
		if (!error.violations().isEmpty()) {
			writeViolations(json, error.violations());
		}
		if (error.type() != null) {
			json.writeStringProperty("type", error.type());
		}
		if (!error.attributes().isEmpty()) {
			json.writePOJOProperty("attributes", error.attributes());
		}
		if (error.traceId() != null) {
			json.writeStringProperty("traceId", error.traceId());
		}
		json.writeEndObject();
	}

	private static void writeViolations(JsonGenerator json, List<RpcViolation> violations) {
		json.writeArrayPropertyStart("violations");
		for (RpcViolation violation : violations.subList(0, Math.min(violations.size(), ErrorTexts.MAX_VIOLATIONS))) {
			json.writeStartObject();
			json.writeStringProperty("path", violation.path());
			json.writeStringProperty("rule", violation.rule());
			json.writeStringProperty("message", ErrorTexts.message(violation.message()));
			json.writeEndObject();
		}
		json.writeEndArray();
	}

	private static String executed(Execution execution) {
		return switch (execution) {
			case NOT_EXECUTED -> "no";
			case UNKNOWN -> "unknown";
			case EXECUTED -> "yes";
		};
	}

}
