package dev.rpcboot.jsonrpc;

import java.util.Calendar;
import java.util.Date;
import java.util.regex.Pattern;

import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.KeyDeserializer;

/**
 * Reads a map's key. The limits of numbers do not reach one by themselves, since it is a
 * string in JSON; here they do.
 */
final class StrictKey extends KeyDeserializer {

	private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

	// whatever the limit of names is set to
	private static final int MAX_LENGTH = 1024;

	private final KeyDeserializer deserializer;

	private final Class<?> type;

	private StrictKey(KeyDeserializer deserializer, Class<?> type) {
		this.deserializer = deserializer;
		this.type = type;
	}

	static KeyDeserializer of(Class<?> type, KeyDeserializer deserializer) {
		boolean content = CharSequence.class.isAssignableFrom(type) || type == Object.class;
		return (type.getName().startsWith("java.") && !content) ? new StrictKey(deserializer, type) : deserializer;
	}

	@Override
	public void resolve(DeserializationContext context) {
		this.deserializer.resolve(context);
	}

	@Override
	public Object deserializeKey(String key, DeserializationContext context) {
		if (key.length() > MAX_LENGTH) {
			return context.reportInputMismatch(this.type, "A key longer than %d characters", MAX_LENGTH);
		}
		boolean number = NUMBER.matcher(key).matches();
		if (Number.class.isAssignableFrom(this.type)) {
			if (!number || NumberMagnitude.isExtreme(key.toCharArray(), 0, key.length())) {
				return context.handleWeirdKey(this.type, key, "no JSON number, or one above the limit");
			}
		}
		else if (number && isDate()) {
			return context.handleWeirdKey(this.type, key, "a number, not ISO-8601");
		}
		Object value = this.deserializer.deserializeKey(key, context);
		if ((value instanceof Double || value instanceof Float) && !Double.isFinite(((Number) value).doubleValue())) {
			return context.handleWeirdKey(this.type, key, "not a finite number");
		}
		return value;
	}

	private boolean isDate() {
		return Date.class.isAssignableFrom(this.type) || Calendar.class.isAssignableFrom(this.type);
	}

}
