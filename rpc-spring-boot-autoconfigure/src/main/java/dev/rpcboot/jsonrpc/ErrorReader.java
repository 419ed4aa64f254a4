package dev.rpcboot.jsonrpc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcViolation;
import dev.rpcboot.call.RpcStatus;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.ObjectReader;

/**
 * Reads error objects. Code and message must be as JSON-RPC says; {@code data} is the
 * server's own, so that what is not of our shape there is passed over. Safe for
 * concurrent use.
 */
final class ErrorReader {

	private static final int MAX_NAME = 256;

	private static final Pattern TRACE_ID = Pattern.compile("[\\x21-\\x7E]{1,128}");

	private final ObjectReader values;

	ErrorReader(JsonRpcMapper mapper) {
		this.values = mapper.reader(Object.class);
	}

	/**
	 * Reads the value that the scanner stands at.
	 */
	JsonRpcError read(JsonScanner scanner) throws MalformedAnswerException {
		if (scanner.current() != JsonToken.START_OBJECT) {
			throw AnswerReader.malformed("its error is no object");
		}
		Integer code = null;
		String message = null;
		Map<?, ?> data = Map.of();
		String member;
		while ((member = scanner.nextMember()) != null) {
			switch (member) {
				case "code" -> code = scanner.integer();
				case "message" -> message = scanner.text(Integer.MAX_VALUE);
				case "data" -> data = data(scanner);
				default -> scanner.value();
			}
		}
		if (code == null || message == null) {
			throw AnswerReader.malformed("its error has no integer code or no message");
		}
		return error(code, ErrorTexts.message(message), data);
	}

	private Map<?, ?> data(JsonScanner scanner) throws MalformedAnswerException {
		boolean object = scanner.current() == JsonToken.START_OBJECT;
		RawJson data = scanner.value();
		if (scanner.sawExtremeNumber()) {
			throw AnswerReader.malformed("it has a number of extreme magnitude");
		}
		return object ? this.values.readValue(data.bytes(), data.from(), data.length()) : Map.of();
	}

	private static JsonRpcError error(int code, String message, Map<?, ?> data) {
		RpcStatus status = status(code, text(data.get("reason")));
		return new JsonRpcError(code, message, status, execution(status, text(data.get("executed"))),
				retryAfter(data.get("retryAfterMs")), !"never".equals(data.get("retry")),
				violations(data.get("violations")), text(data.get("type")), attributes(data.get("attributes")),
				traceId(data.get("traceId")));
	}

	/**
	 * A reason is believed if it has that code; several statuses share one.
	 */
	private static @Nullable RpcStatus status(int code, @Nullable String reason) {
		RpcStatus byCode = RpcStatus.ofCode(code);
		if (byCode == null && (code < -32768 || code > -32000)) {
			byCode = RpcStatus.APPLICATION;
		}
		RpcStatus named = RpcStatus.named(reason);
		return (named != null && named != RpcStatus.APPLICATION && named.code() == code) ? named : byCode;
	}

	private static Execution execution(@Nullable RpcStatus status, @Nullable String executed) {
		if (executed != null) {
			switch (executed) {
				case "no":
					return Execution.NOT_EXECUTED;
				case "yes":
					return Execution.EXECUTED;
				case "unknown":
					return Execution.UNKNOWN;
				default:
					break;
			}
		}
		return (status != null) ? status.execution() : Execution.UNKNOWN;
	}

	private static @Nullable Duration retryAfter(@Nullable Object value) {
		if (value instanceof Integer || value instanceof Long) {
			long millis = ((Number) value).longValue();
			return (millis >= 0) ? Duration.ofMillis(millis) : null;
		}
		return null;
	}

	private static List<RpcViolation> violations(@Nullable Object value) {
		List<RpcViolation> violations = new ArrayList<>();
		if (value instanceof List<?> list) {
			for (Object element : list.subList(0, Math.min(list.size(), ErrorTexts.MAX_VIOLATIONS))) {
				if (element instanceof Map<?, ?> violation && violation.get("path") instanceof String path
						&& violation.get("rule") instanceof String rule
						&& violation.get("message") instanceof String message) {
					violations.add(new RpcViolation(ErrorTexts.message(path), ErrorTexts.cut(rule, MAX_NAME),
							ErrorTexts.message(message)));
				}
			}
		}
		return violations;
	}

	@SuppressWarnings("unchecked")
	private static Map<String, @Nullable Object> attributes(@Nullable Object value) {
		// keys of a JSON object are strings
		return (value instanceof Map<?, ?> map) ? (Map<String, @Nullable Object>) map : Map.of();
	}

	private static @Nullable String traceId(@Nullable Object value) {
		return (value instanceof String text && TRACE_ID.matcher(text).matches()) ? text : null;
	}

	private static @Nullable String text(@Nullable Object value) {
		return (value instanceof String text && text.length() <= MAX_NAME) ? text : null;
	}

}
