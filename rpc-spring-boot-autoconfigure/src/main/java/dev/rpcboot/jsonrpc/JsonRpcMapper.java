package dev.rpcboot.jsonrpc;

import java.lang.reflect.Type;
import java.util.List;

import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * The strict mapper of the wire. A type of its own, so that it never takes the place of
 * the application's mapper.
 *
 * @since 0.1
 */
public final class JsonRpcMapper {

	private final JsonMapper mapper;

	private JsonRpcMapper(JsonMapper mapper) {
		this.mapper = mapper;
	}

	/**
	 * Builds the mapper. What keeps a peer from choosing a class, and the limits, hold
	 * whatever the customizers do.
	 */
	public static JsonRpcMapper create(JsonRpcLimits limits, List<RpcJsonMapperCustomizer> customizers) {
		JsonMapper.Builder builder = JsonMapper.builder(StrictJsonFactory.create(limits));
		readStrictly(builder);
		writeLosslessly(builder);
		customizers.forEach((customizer) -> customizer.customize(builder));
		builder.deactivateDefaultTyping().polymorphicTypeValidator(new NoClassNames());
		return new JsonRpcMapper(builder.build());
	}

	JsonMapper mapper() {
		return this.mapper;
	}

	ObjectReader reader(Type type) {
		return this.mapper.readerFor(this.mapper.constructType(type));
	}

	/**
	 * Writes values as the declared type, so that a subtype bears its logical name.
	 */
	ObjectWriter writer(Type type) {
		JavaType declared = this.mapper.constructType(type);
		// the JSON of void is null, and of Object whatever the value is
		return (declared.hasRawClass(void.class) || declared.hasRawClass(Void.class) || declared.isJavaLangObject())
				? this.mapper.writer() : this.mapper.writerFor(declared);
	}

	private static void readStrictly(JsonMapper.Builder builder) {
		builder.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
			.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT, DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
			.enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
					DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
			// where a pattern is given; the others see to it in StrictText
			.disable(DateTimeFeature.ALWAYS_ALLOW_STRINGIFIED_DATE_TIMESTAMPS)
			.enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
			.disable(EnumFeature.READ_ENUMS_USING_TO_STRING, EnumFeature.WRITE_ENUMS_USING_TO_STRING)
			.withCoercionConfigDefaults(
					(coercion) -> coercion.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
			.withCoercionConfig(LogicalType.Textual,
					(coercion) -> coercion.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
						.setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
						.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
			.addModule(StrictScalars.module());
		if (FastAccess.isPossible()) {
			FastAccess.addTo(builder);
		}
	}

	private static void writeLosslessly(JsonMapper.Builder builder) {
		builder.enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
			.disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE, DateTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID,
					DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS, DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
			.enable(JsonNodeFeature.USE_BIG_DECIMAL_FOR_FLOATS)
			.disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
			// a record is its components; a method such as isEmpty() is for its own
			// callers
			.enable(MapperFeature.INFER_RECORD_GETTERS_FROM_COMPONENTS_ONLY)
			// as declared: a log or a capture is easier to read
			.disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
			// the generator refuses them, rather than writing "NaN"
			.disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
			// several values share one generator
			.disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE);
	}

}
