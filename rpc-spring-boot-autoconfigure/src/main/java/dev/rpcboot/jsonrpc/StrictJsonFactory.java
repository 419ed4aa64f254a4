package dev.rpcboot.jsonrpc;

import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.io.IOContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.core.json.UTF8JsonGenerator;

/**
 * Jackson's factory with the limits of the wire, whose parsers skip what is decoded
 * later, and whose generators refuse numbers that a peer would refuse. It stands below
 * the mapper, so no customizer can lose it.
 */
final class StrictJsonFactory extends JsonFactory {

	private static final long serialVersionUID = 1L;

	private StrictJsonFactory(JsonFactoryBuilder builder) {
		super(builder);
	}

	static JsonFactory create(JsonRpcLimits limits) {
		return new StrictJsonFactory(JsonFactory.builder()
			// else a body of UTF-16 would be read as such
			.disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
			.streamReadConstraints(StreamReadConstraints.builder()
				.maxNestingDepth(limits.maxNestingDepth())
				.maxNumberLength(limits.maxNumberLength())
				.maxNameLength(limits.maxNameLength())
				// a string is bounded by the body
				.maxStringLength(Integer.MAX_VALUE)
				.build())
			.streamWriteConstraints(
					// what is written stands inside an envelope when it is read
					StreamWriteConstraints.builder().maxNestingDepth(limits.maxNestingDepth() - 1).build()));
	}

	@Override
	protected JsonParser _createParser(ObjectReadContext context, IOContext io, byte[] bytes, int offset, int length) {
		_checkRangeBoundsForByteArray(bytes, offset, length);
		this._streamReadConstraints.validateDocumentLength(length);
		return new SkippingParser(context, io, context.getStreamReadFeatures(this._streamReadFeatures),
				context.getFormatReadFeatures(this._formatReadFeatures),
				this._byteSymbolCanonicalizer.makeChild(this._factoryFeatures), bytes, offset, length);
	}

	@Override
	protected JsonGenerator _createUTF8Generator(ObjectWriteContext context, IOContext io, OutputStream out) {
		return new StrictGenerator(context, io, context.getStreamWriteFeatures(this._streamWriteFeatures),
				context.getFormatWriteFeatures(this._formatWriteFeatures), out);
	}

	/**
	 * Refuses NaN and infinities, which JSON does not have, and extreme numbers.
	 */
	private static final class StrictGenerator extends UTF8JsonGenerator {

		StrictGenerator(ObjectWriteContext context, IOContext io, int streamFeatures, int formatFeatures,
				OutputStream out) {
			super(context, io, streamFeatures, formatFeatures, out, null, null, null, 0,
					JsonFactory.DEFAULT_QUOTE_CHAR);
		}

		@Override
		public JsonGenerator writeNumber(double value) {
			refuseIf(!Double.isFinite(value), "NaN and infinities are no JSON numbers");
			return super.writeNumber(value);
		}

		@Override
		public JsonGenerator writeNumber(float value) {
			refuseIf(!Float.isFinite(value), "NaN and infinities are no JSON numbers");
			return super.writeNumber(value);
		}

		@Override
		public JsonGenerator writeNumber(BigDecimal value) {
			refuseIf(NumberMagnitude.isExtreme(value), "The number's scale or precision is above the limit");
			return super.writeNumber(value);
		}

		@Override
		public JsonGenerator writeNumber(BigInteger value) {
			refuseIf(NumberMagnitude.isExtreme(value), "The number's precision is above the limit");
			return super.writeNumber(value);
		}

		private void refuseIf(boolean refused, String reason) {
			if (refused) {
				throw _constructWriteException(reason);
			}
		}

	}

}
