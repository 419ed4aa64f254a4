package dev.rpcboot.jsonrpc;

import java.time.Instant;
import java.time.Year;
import java.util.regex.Pattern;

import com.fasterxml.jackson.annotation.JsonFormat;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.std.DelegatingDeserializer;
import tools.jackson.databind.ext.javatime.deser.InstantDeserializer;
import tools.jackson.databind.type.LogicalType;

/**
 * Reads what is written as a string from a string alone, and one of sensible length:
 * parsers of dates and the like take seconds for megabytes. A number in quotes is no
 * instant either, though Jackson takes it for one.
 */
final class StrictText extends DelegatingDeserializer {

	private static final Pattern NUMBER = Pattern.compile("\\s*[+-]?[0-9]*\\.?[0-9]*\\s*");

	// the longest is a ZonedDateTime with the name of its zone
	private static final int MAX_TIME_LENGTH = 128;

	private static final int MAX_LENGTH = 8192;

	private final Form form;

	/** Whether instants are read here, by no deserializer of the application's own. */
	private final boolean instant;

	StrictText(ValueDeserializer<?> deserializer) {
		// Jackson writes a year as a number, whatever is set for dates
		this(deserializer, (deserializer.handledType() == Year.class) ? Form.ANYTHING_ELSE : Form.TEXT);
	}

	private StrictText(ValueDeserializer<?> deserializer, Form form) {
		super(deserializer);
		this.form = form;
		this.instant = deserializer.getClass() == InstantDeserializer.class
				&& deserializer.handledType() == Instant.class;
	}

	@Override
	protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> deserializer) {
		return new StrictText(deserializer, this.form);
	}

	@Override
	public ValueDeserializer<?> createContextual(DeserializationContext context, BeanProperty property) {
		StrictText contextual = (StrictText) super.createContextual(context, property);
		JsonFormat.Value format = findFormatOverrides(context, property, handledType());
		if (format.getShape().isNumeric()) {
			// the contract itself asks for numbers, which are then what is written
			return new StrictText(contextual.getDelegatee(), Form.ANYTHING_ELSE);
		}
		if (format.hasPattern() || format.getShape() == JsonFormat.Shape.STRING) {
			return new StrictText(contextual.getDelegatee(), format.hasPattern() ? Form.PATTERN : Form.TEXT);
		}
		return contextual;
	}

	@Override
	public Object deserialize(JsonParser parser, DeserializationContext context) {
		if (parser.hasToken(JsonToken.VALUE_STRING) == (this.form == Form.ANYTHING_ELSE)) {
			return context.handleUnexpectedToken(context.constructType(handledType()), parser);
		}
		if (this.form != Form.ANYTHING_ELSE) {
			if (parser.getStringLength() > maxLength()) {
				return context.reportInputMismatch(handledType(), "Longer than %d characters", maxLength());
			}
			if (this.form == Form.TEXT && this.instant) {
				Instant instant = IsoInstant.parse(parser.getString());
				if (instant != null) {
					return instant;
				}
			}
			if (this.form == Form.TEXT && isTime() && NUMBER.matcher(parser.getString()).matches()) {
				return context.reportInputMismatch(handledType(), "A number, not ISO-8601");
			}
		}
		return super.deserialize(parser, context);
	}

	private boolean isTime() {
		return logicalType() == LogicalType.DateTime || handledType().getPackageName().equals("java.time");
	}

	/**
	 * Texts that are content, and types of users, are as long as the body allows.
	 */
	private int maxLength() {
		if (isTime()) {
			return MAX_TIME_LENGTH;
		}
		boolean content = logicalType() == LogicalType.Binary || CharSequence.class.isAssignableFrom(handledType())
				|| !handledType().getName().startsWith("java.");
		return content ? Integer.MAX_VALUE : MAX_LENGTH;
	}

	private enum Form {

		/** As the JDK writes it. */
		TEXT,

		/** As a pattern in the contract wants it, which may be digits alone. */
		PATTERN,

		/** Numbers, or arrays of them. */
		ANYTHING_ELSE

	}

}
