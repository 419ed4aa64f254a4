package dev.rpcboot.jsonrpc;

import java.util.ArrayList;
import java.util.List;

import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.JsonRpcMessage.Batch;
import dev.rpcboot.jsonrpc.JsonRpcMessage.Call;
import dev.rpcboot.jsonrpc.JsonRpcMessage.Entry;
import dev.rpcboot.jsonrpc.JsonRpcMessage.Invalid;
import dev.rpcboot.jsonrpc.JsonRpcMessage.Single;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Parses bodies of requests, strictly. The whole body is checked before anything of it
 * can be executed. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class JsonRpcReader {

	private static final String VERSION = "2.0";

	/** Characters that the value of a header of one of several calls may have. */
	public static final int MAX_HEADER_LENGTH = 1024;

	private final JsonRpcLimits limits;

	private final JsonFactory factory;

	private final UsualRequestReader usual;

	public JsonRpcReader(JsonRpcLimits limits) {
		this.limits = limits;
		this.factory = StrictJsonFactory.create(limits);
		this.usual = new UsualRequestReader(limits, this.factory.streamReadConstraints());
	}

	/**
	 * Parses a body.
	 * @throws JsonRpcException with PARSE_ERROR, INVALID_REQUEST or, for a batch above
	 * the limit, PAYLOAD_TOO_LARGE
	 */
	public JsonRpcMessage read(byte[] body) throws JsonRpcException {
		JsonRpcMessage usual = this.usual.read(body);
		if (usual != null) {
			return usual;
		}
		try (JsonScanner scanner = new JsonScanner(this.factory, body)) {
			JsonToken first = scanner.next();
			if (first == null) {
				throw refused(RpcStatus.PARSE_ERROR, null);
			}
			return (first == JsonToken.START_ARRAY) ? batch(scanner) : single(scanner);
		}
		catch (JacksonException ex) {
			throw refused(RpcStatus.PARSE_ERROR, null);
		}
	}

	/**
	 * Reads the parameters of a call that has a single text, by position or by name.
	 * @return the text, or {@code null} if the parameters are anything else
	 */
	public @Nullable String onlyText(JsonRpcMessage.Call call, String name) {
		RawJson params = call.params();
		if (params == null) {
			return null;
		}
		try (JsonParser parser = parser(params)) {
			boolean named = parser.nextToken() == JsonToken.START_OBJECT;
			if (named && !name.equals(parser.nextName())) {
				return null;
			}
			String text = (parser.nextToken() == JsonToken.VALUE_STRING) ? parser.getString() : null;
			JsonToken end = named ? JsonToken.END_OBJECT : JsonToken.END_ARRAY;
			return (parser.nextToken() == end) ? text : null;
		}
	}

	private JsonParser parser(RawJson json) {
		return this.factory.createParser(ObjectReadContext.empty(), json.bytes(), json.from(), json.length());
	}

	private JsonRpcMessage single(JsonScanner scanner) throws JsonRpcException {
		Entry entry = entry(scanner);
		scanner.end();
		if (entry instanceof Call call) {
			return new Single(call);
		}
		throw refused(RpcStatus.INVALID_REQUEST, ((Invalid) entry).id());
	}

	private JsonRpcMessage batch(JsonScanner scanner) throws JsonRpcException {
		List<Entry> entries = new ArrayList<>();
		while (scanner.next() != JsonToken.END_ARRAY) {
			if (entries.size() == this.limits.maxBatchSize()) {
				throw refused(RpcStatus.PAYLOAD_TOO_LARGE, null);
			}
			entries.add(entry(scanner));
		}
		scanner.end();
		if (entries.isEmpty()) {
			throw refused(RpcStatus.INVALID_REQUEST, null);
		}
		return new Batch(entries);
	}

	private Entry entry(JsonScanner scanner) {
		if (scanner.current() != JsonToken.START_OBJECT) {
			scanner.value();
			return new Invalid(null);
		}
		boolean valid = true;
		String version = null;
		String method = null;
		RawJson id = null;
		RawJson params = null;
		boolean extremeNumber = false;
		RpcHeaders headers = RpcHeaders.EMPTY;
		String member;
		// params may stand before the method, so they are only located here
		while ((member = scanner.nextMember()) != null) {
			switch (member) {
				case "jsonrpc" -> version = scanner.text(VERSION.length());
				case "method" -> method = scanner.text(this.limits.maxMethodLength());
				case "id" -> {
					id = id(scanner);
					valid &= id != null;
				}
				case "params" -> {
					valid &= scanner.current() == JsonToken.START_ARRAY || scanner.current() == JsonToken.START_OBJECT;
					params = scanner.value();
					extremeNumber = scanner.sawExtremeNumber();
				}
				case "headers" -> headers = headers(scanner);
				default -> scanner.value();
			}
		}
		if (!valid || !VERSION.equals(version) || method == null) {
			return new Invalid(id);
		}
		return new Call(id, method, params, extremeNumber, headers);
	}

	/**
	 * The id as it stands, or {@code null} if it is none.
	 */
	private @Nullable RawJson id(JsonScanner scanner) {
		RawJson id = scanner.value();
		return isId(id, this.limits) ? id : null;
	}

	/**
	 * Whether a value of JSON is a string, a number or {@code null}, and not too long.
	 */
	static boolean isId(RawJson json, JsonRpcLimits limits) {
		boolean otherType = json.startsWith('{') || json.startsWith('[') || json.startsWith('t')
				|| json.startsWith('f');
		return !otherType && json.characters() <= limits.maxIdLength();
	}

	/**
	 * The headers that are a call's own among those that travel together, or {@code null}
	 * if they are not an object of texts, or bear what is no header of a single call.
	 */
	private static @Nullable RpcHeaders headers(JsonScanner scanner) {
		if (scanner.current() != JsonToken.START_OBJECT) {
			scanner.value();
			return null;
		}
		boolean valid = true;
		List<String> entries = new ArrayList<>();
		String name;
		while ((name = scanner.nextMember()) != null) {
			String value = scanner.text(MAX_HEADER_LENGTH);
			valid &= value != null && isOwnHeader(name, value);
			if (valid) {
				entries.add(name);
				entries.add(value);
			}
		}
		return valid ? RpcHeaders.of(entries.toArray(String[]::new)) : null;
	}

	static boolean isOwnHeader(String name, String value) {
		return RpcHeaders.isOfOneCall(name) && RpcHeaders.isReadable(name, value);
	}

	private static JsonRpcException refused(RpcStatus status, @Nullable RawJson id) {
		return new JsonRpcException(status, id, List.of());
	}

}
