package dev.rpcboot.jsonrpc;

import java.util.Arrays;
import java.util.OptionalDouble;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.std.DelegatingDeserializer;
import tools.jackson.databind.deser.std.FromStringDeserializer;
import tools.jackson.databind.ext.jdk8.OptionalDoubleDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.ArrayType;
import tools.jackson.databind.type.LogicalType;

/**
 * Refuses what Jackson reads leniently and no setting of it forbids: dates, UUIDs, URIs
 * and the like from numbers or booleans, {@code byte[]} from an array, {@code "NaN"} for
 * a double, 200 for a byte.
 */
final class StrictScalars extends ValueDeserializerModifier {

	private static final long serialVersionUID = 1L;

	static JacksonModule module() {
		return new SimpleModule("rpc-strict-scalars").setDeserializerModifier(new StrictScalars())
			// no modifier is asked about this one
			.addDeserializer(OptionalDouble.class, new FiniteOptional());
	}

	@Override
	public ValueDeserializer<?> modifyDeserializer(DeserializationConfig config, BeanDescription.Supplier type,
			ValueDeserializer<?> deserializer) {
		Class<?> target = type.getBeanClass();
		if (deserializer instanceof FromStringDeserializer || deserializer.logicalType() == LogicalType.DateTime
				|| deserializer.logicalType() == LogicalType.Binary) {
			return new StrictText(deserializer);
		}
		if (target == double.class || target == Double.class || target == float.class || target == Float.class) {
			return new FiniteOnly(deserializer);
		}
		if (target == byte.class || target == Byte.class) {
			return new SignedByte(deserializer);
		}
		return deserializer;
	}

	@Override
	public KeyDeserializer modifyKeyDeserializer(DeserializationConfig config, JavaType type,
			KeyDeserializer deserializer) {
		return StrictKey.of(type.getRawClass(), deserializer);
	}

	@Override
	public ValueDeserializer<?> modifyArrayDeserializer(DeserializationConfig config, ArrayType type,
			BeanDescription.Supplier description, ValueDeserializer<?> deserializer) {
		Class<?> element = type.getContentType().getRawClass();
		if (element == byte.class) {
			return new StrictText(deserializer);
		}
		return (element == double.class || element == float.class) ? new FiniteOnly(deserializer) : deserializer;
	}

	/**
	 * Refuses what is, or has become by its size, no finite number.
	 */
	private static final class FiniteOnly extends DelegatingDeserializer {

		FiniteOnly(ValueDeserializer<?> deserializer) {
			super(deserializer);
		}

		@Override
		protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> deserializer) {
			return new FiniteOnly(deserializer);
		}

		@Override
		public Object deserialize(JsonParser parser, DeserializationContext context) {
			Object value = super.deserialize(parser, context);
			if (!isFinite(value)) {
				return context.reportInputMismatch(handledType(), "Not a finite number");
			}
			return value;
		}

		private static boolean isFinite(Object value) {
			if (value instanceof Double || value instanceof Float) {
				return Double.isFinite(((Number) value).doubleValue());
			}
			if (value instanceof double[] array) {
				return Arrays.stream(array).allMatch(Double::isFinite);
			}
			if (value instanceof float[] array) {
				for (float element : array) {
					if (!Float.isFinite(element)) {
						return false;
					}
				}
			}
			return true;
		}

	}

	private static final class FiniteOptional extends OptionalDoubleDeserializer {

		@Override
		public OptionalDouble deserialize(JsonParser parser, DeserializationContext context) {
			OptionalDouble value = super.deserialize(parser, context);
			if (!Double.isFinite(value.orElse(0))) {
				return context.reportInputMismatch(this, "Not a finite number");
			}
			return value;
		}

	}

	/**
	 * Refuses 128 to 255, which Jackson takes as an unsigned byte and hands over as a
	 * negative number.
	 */
	private static final class SignedByte extends DelegatingDeserializer {

		SignedByte(ValueDeserializer<?> deserializer) {
			super(deserializer);
		}

		@Override
		protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> deserializer) {
			return new SignedByte(deserializer);
		}

		@Override
		public Object deserialize(JsonParser parser, DeserializationContext context) {
			if (parser.hasToken(JsonToken.VALUE_NUMBER_INT) && parser.getLongValue() > Byte.MAX_VALUE) {
				return context.reportInputMismatch(handledType(), "Out of range");
			}
			return super.deserialize(parser, context);
		}

	}

}
