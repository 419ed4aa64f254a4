package dev.rpcboot.jsonrpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.rpcboot.call.ContractError;
import dev.rpcboot.call.ContractMethod;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Encodes the calls of one method and decodes their answers, with readers and writers
 * that are prepared at start. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class ClientCodec {

	static final byte[] BEFORE_ID = "{\"jsonrpc\":\"2.0\",\"id\":".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] WITHOUT_ID = "{\"jsonrpc\":\"2.0\"".getBytes(StandardCharsets.US_ASCII);

	private final JsonMapper mapper;

	private final ContractMethod method;

	private final byte[] beforeParams;

	private final List<ObjectWriter> writers;

	private final ObjectReader reader;

	private final AnswerReader answers;

	private final UsualSize usual = new UsualSize();

	/**
	 * Prepares the codec of a method.
	 * @throws dev.rpcboot.call.RpcConfigurationException if a type cannot be encoded or
	 * would take class names from the wire
	 */
	public ClientCodec(JsonRpcMapper mapper, ContractMethod method) {
		WireTypes.check(mapper, method);
		this.mapper = mapper.mapper();
		this.method = method;
		this.beforeParams = (",\"method\":\""
				+ new String(JsonStringEncoder.getInstance().quoteAsCharArray(method.name())) + "\",\"params\":")
			.getBytes(StandardCharsets.UTF_8);
		this.writers = method.parameters().stream().map((parameter) -> mapper.writer(parameter.type())).toList();
		this.reader = mapper.reader(method.resultType());
		this.answers = new AnswerReader(mapper);
	}

	/**
	 * Encodes a whole request with positional parameters.
	 * @throws IllegalArgumentException if an argument cannot be encoded
	 */
	public byte[] encodeRequest(long id, @Nullable Object[] arguments) {
		ByteArrayOutputStream out = new ExactOutput(this.usual.get());
		out.writeBytes(BEFORE_ID);
		out.writeBytes(Long.toString(id).getBytes(StandardCharsets.US_ASCII));
		out.writeBytes(this.beforeParams);
		writeParams(out, arguments);
		out.write('}');
		this.usual.learn(out.size());
		return out.toByteArray();
	}

	/**
	 * Encodes a whole request of parameters that are encoded already.
	 * @param id its id, or {@code null} for a notification
	 * @param params a JSON array or object
	 */
	public byte[] encodeRequest(@Nullable Long id, byte[] params) {
		ByteArrayOutputStream out = new ByteArrayOutputStream(params.length + 128);
		if (id != null) {
			out.writeBytes(BEFORE_ID);
			out.writeBytes(id.toString().getBytes(StandardCharsets.US_ASCII));
		}
		else {
			out.writeBytes(WITHOUT_ID);
		}
		out.writeBytes(this.beforeParams);
		out.writeBytes(params);
		out.write('}');
		return out.toByteArray();
	}

	/**
	 * Encodes the parameters alone, as a key that tells calls apart.
	 * @throws IllegalArgumentException if an argument cannot be encoded
	 */
	public byte[] encodeParams(@Nullable Object[] arguments) {
		ByteArrayOutputStream out = new ByteArrayOutputStream(256);
		writeParams(out, arguments);
		return out.toByteArray();
	}

	/**
	 * Reads an answer, without decoding its result.
	 * @param id the id that the request bore; an error may also bear {@code null}
	 */
	public JsonRpcAnswer readAnswer(byte[] body, long id) throws MalformedAnswerException {
		return this.answers.read(body, id);
	}

	/**
	 * Cuts a result that is an array into its items, without decoding them; {@code null}
	 * has none.
	 */
	public List<EncodedResult> items(EncodedResult result) throws MalformedAnswerException {
		return this.answers.elements(result);
	}

	/**
	 * Decodes a result to the contract's type; {@code null} for a {@code void} method.
	 */
	public @Nullable Object decodeResult(EncodedResult result) throws MalformedAnswerException {
		Object decoded = result.decoded();
		if (decoded != null || this.method.resultType() == void.class || this.method.resultType() == Void.class) {
			return decoded;
		}
		try {
			return this.reader.readValue(result.bytes(), result.from(), result.size());
		}
		// wide, because constructors and deserializers are user code
		catch (RuntimeException ex) {
			Object expected = (ex instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null)
					? mismatch.getTargetType().getTypeName() : this.method.resultType().getTypeName();
			throw new MalformedAnswerException("The result of " + this.method.fullName()
					+ " does not fit the contract: " + Violations.path("result", ex) + " is no " + expected, ex);
		}
	}

	/**
	 * Decodes a result once and hands the same value to all who ask; only for types whose
	 * values nobody can change.
	 */
	public @Nullable Object decodeShared(EncodedResult result) throws MalformedAnswerException {
		Object decoded = result.decoded();
		if (decoded == null) {
			decoded = decodeResult(result);
			result.remember(decoded);
		}
		return decoded;
	}

	/**
	 * Builds the contract's exception again that an error object stands for, or
	 * {@code null} if the contract knows none of that name or its properties do not fit.
	 */
	public @Nullable Throwable contractException(JsonRpcError error) {
		ContractError declared = this.method.error(error.type());
		if (declared == null) {
			return null;
		}
		try {
			return declared.rebuild(error.message(), (name, type) -> this.mapper
				.convertValue(error.attributes().get(name), this.mapper.constructType(type)));
		}
		// wide, because the exception's constructor is user code
		catch (RuntimeException ex) {
			return null;
		}
	}

	private void writeParams(ByteArrayOutputStream out, @Nullable Object[] arguments) {
		int position = 0;
		try (JsonGenerator generator = this.mapper.createGenerator(out)) {
			generator.writeStartArray();
			for (ObjectWriter writer : this.writers) {
				writer.writeValue(generator, arguments[position++]);
			}
			generator.writeEndArray();
		}
		// wide, because serializers and accessors are user code
		catch (RuntimeException ex) {
			throw new IllegalArgumentException(
					"Argument " + position + " of " + this.method.fullName() + ", of type "
							+ this.method.parameters().get(position - 1).type().getTypeName() + ", cannot be encoded",
					ex);
		}
	}

}
