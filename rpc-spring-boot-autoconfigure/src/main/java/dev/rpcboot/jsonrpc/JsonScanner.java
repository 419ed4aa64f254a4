package dev.rpcboot.jsonrpc;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonParser.NumberType;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * Walks once through the bytes of a body and tells where values begin and end, so that
 * they can be echoed as they stand, or decoded once their type is known. For one thread
 * and one body.
 */
final class JsonScanner implements AutoCloseable {

	private final byte[] body;

	private final JsonParser parser;

	private final MemberNames names = new MemberNames();

	private boolean extremeNumber;

	/**
	 * Creates one.
	 * @throws tools.jackson.core.JacksonException if the bytes are not strict UTF-8, as
	 * all methods do if they are not JSON
	 */
	JsonScanner(JsonFactory factory, byte[] body) {
		if (!StrictUtf8.isValid(body)) {
			throw new StreamReadException("Not UTF-8");
		}
		this.body = body;
		this.parser = factory.createParser(ObjectReadContext.empty(), body);
	}

	/**
	 * Goes to the next token; {@code null} at the end.
	 */
	@Nullable JsonToken next() {
		return step();
	}

	private JsonToken step() {
		JsonToken token = this.parser.nextToken();
		if (token == JsonToken.PROPERTY_NAME) {
			see(this.parser.currentName());
		}
		else if (token == JsonToken.START_OBJECT) {
			this.names.open();
		}
		else if (token == JsonToken.END_OBJECT) {
			this.names.close();
		}
		return token;
	}

	private void see(String name) {
		if (!this.names.add(name)) {
			throw new StreamReadException("Two members of an object have the same name");
		}
	}

	/**
	 * Goes to the value of the next member of the current object, and returns its name;
	 * {@code null} at the end of the object.
	 */
	@Nullable String nextMember() {
		if (step() != JsonToken.PROPERTY_NAME) {
			return null;
		}
		String name = this.parser.currentName();
		step();
		return name;
	}

	@Nullable JsonToken current() {
		return this.parser.currentToken();
	}

	/**
	 * Reads the current value if it is a string of at most that many characters, else
	 * skips it and returns {@code null}.
	 */
	@Nullable String text(int maxLength) {
		if (this.parser.currentToken() == JsonToken.VALUE_STRING && this.parser.getStringLength() <= maxLength) {
			return this.parser.getString();
		}
		value();
		return null;
	}

	/**
	 * Reads the current value if it is an integer of the size of an {@code int}, else
	 * skips it and returns {@code null}.
	 */
	@Nullable Integer integer() {
		boolean fits = this.parser.currentToken() == JsonToken.VALUE_NUMBER_INT
				&& this.parser.getNumberType() == NumberType.INT;
		if (!fits) {
			value();
			return null;
		}
		return this.parser.getIntValue();
	}

	/**
	 * Skips the current value, whatever it is, and returns where it stands.
	 */
	RawJson value() {
		int from = (int) this.parser.currentTokenLocation().getByteOffset();
		this.extremeNumber = false;
		int depth = 0;
		JsonToken token = this.parser.currentToken();
		if (token.isStructStart() && this.parser instanceof SkippingParser skipping && skipping.skipToEnd()) {
			depth++;
			token = step();
		}
		while (true) {
			if (token.isStructStart()) {
				depth++;
			}
			else if (token.isStructEnd()) {
				depth--;
			}
			else if (token.isNumeric()) {
				this.extremeNumber |= isExtremeNumber();
			}
			if (depth == 0) {
				break;
			}
			token = step();
		}
		this.parser.finishToken();
		return new RawJson(this.body, from, (int) this.parser.currentLocation().getByteOffset());
	}

	/**
	 * Whether the value that was skipped last has a number of a magnitude that is
	 * refused.
	 */
	boolean sawExtremeNumber() {
		return this.extremeNumber;
	}

	/**
	 * Refuses anything that follows the outermost value.
	 */
	void end() {
		this.parser.finishToken();
		if (this.parser.nextToken() != null) {
			throw new StreamReadException("More than one value");
		}
	}

	@Override
	public void close() {
		this.parser.close();
	}

	private boolean isExtremeNumber() {
		return NumberMagnitude.isExtreme(this.parser.getStringCharacters(), this.parser.getStringOffset(),
				this.parser.getStringLength());
	}

}
