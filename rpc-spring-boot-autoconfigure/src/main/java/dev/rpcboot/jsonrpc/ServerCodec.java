package dev.rpcboot.jsonrpc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import dev.rpcboot.call.ContractMethod;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.ObjectWriter;

/**
 * Decodes the arguments of one method and encodes its results, with readers and writers
 * that are prepared at start. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class ServerCodec {

	static final byte[] BEFORE_ID = "{\"jsonrpc\":\"2.0\",\"id\":".getBytes(StandardCharsets.US_ASCII);

	static final byte[] BEFORE_RESULT = ",\"result\":".getBytes(StandardCharsets.US_ASCII);

	private final ContractMethod method;

	private final ArgumentsReader arguments;

	private final ObjectWriter writer;

	private final UsualSize usual = new UsualSize();

	private final JsonRpcWriter errorWriter;

	private final AnswerReader errorReader;

	/**
	 * Prepares the codec of a method.
	 * @throws dev.rpcboot.call.RpcConfigurationException if a type cannot be encoded or
	 * would take class names from the wire, or parameters have no names
	 */
	public ServerCodec(JsonRpcMapper mapper, ContractMethod method) {
		WireTypes.check(mapper, method);
		this.method = method;
		this.arguments = new ArgumentsReader(mapper, method);
		this.writer = mapper.writer(method.resultType());
		this.errorWriter = new JsonRpcWriter(mapper);
		this.errorReader = new AnswerReader(mapper);
	}

	/**
	 * Decodes the arguments of a call, by position or by name.
	 * @throws JsonRpcException with INVALID_ARGUMENT and what is wrong with which
	 */
	public @Nullable Object[] decodeArguments(JsonRpcMessage.Call call) throws JsonRpcException {
		return this.arguments.read(call);
	}

	/**
	 * Begins a whole response whose result is an array of the items of a stream.
	 * @param limit largest response in bytes
	 */
	public ResultArray encodeItems(RawJson id, long limit) {
		return new ResultArray(this.method, this.writer, id, limit);
	}

	/**
	 * Encodes a whole response with a result, or with one item of a stream.
	 * @param result the result, or an {@link EncodedResult}, which is written as it is
	 * @param limit largest response in bytes
	 * @throws AnswerTooLargeException if it is larger
	 * @throws IllegalArgumentException if the result cannot be encoded
	 */
	public byte[] encodeResult(RawJson id, @Nullable Object result, long limit) throws AnswerTooLargeException {
		BoundedOutput out = new BoundedOutput(limit, this.usual.get());
		try {
			out.write(BEFORE_ID);
			out.write(id.bytes(), id.from(), id.length());
			out.write(BEFORE_RESULT);
			write(result, out);
			out.write('}');
			this.usual.learn(out.size());
			return out.toByteArray();
		}
		// wide, because serializers and accessors are user code
		catch (IOException | RuntimeException ex) {
			throw unencodable(out, limit, ex);
		}
	}

	/**
	 * Encodes a result alone, to be kept and answered later, more than once.
	 * @param limit largest result in bytes
	 * @throws AnswerTooLargeException if it is larger
	 * @throws IllegalArgumentException if the result cannot be encoded
	 */
	public byte[] encodeKept(@Nullable Object result, long limit) throws AnswerTooLargeException {
		BoundedOutput out = new BoundedOutput(limit, this.usual.get());
		try {
			write(result, out);
			return out.toByteArray();
		}
		// wide, because serializers and accessors are user code
		catch (IOException | RuntimeException ex) {
			throw unencodable(out, limit, ex);
		}
	}

	/**
	 * Encodes an error, to be kept and answered later, more than once.
	 * @param limit largest error in bytes
	 * @throws AnswerTooLargeException if it is larger
	 * @throws IllegalArgumentException if an attribute cannot be encoded
	 */
	public byte[] encodeKeptError(JsonRpcError error, long limit) throws AnswerTooLargeException {
		return this.errorWriter.error(null, error, limit);
	}

	/**
	 * Decodes an error that was kept, its attributes to plain JSON values.
	 * @throws IllegalArgumentException if it is none
	 */
	public JsonRpcError decodeKeptError(byte[] error) {
		try {
			if (this.errorReader.read(error, 0) instanceof JsonRpcAnswer.Failure failure) {
				return failure.error();
			}
		}
		catch (MalformedAnswerException ex) {
			throw new IllegalArgumentException("What was kept of " + this.method.fullName() + " is no error", ex);
		}
		throw new IllegalArgumentException("What was kept of " + this.method.fullName() + " is no error");
	}

	private void write(@Nullable Object result, BoundedOutput out) throws IOException {
		if (result instanceof EncodedResult encoded) {
			out.write(encoded.bytes(), encoded.from(), encoded.size());
			return;
		}
		try (JsonGenerator generator = this.writer.createGenerator(out)) {
			this.writer.writeValue(generator, result);
		}
	}

	private IllegalArgumentException unencodable(BoundedOutput out, long limit, Exception cause)
			throws AnswerTooLargeException {
		if (out.isExceeded()) {
			throw new AnswerTooLargeException(limit);
		}
		return new IllegalArgumentException("The result of " + this.method.fullName() + " cannot be encoded", cause);
	}

}
