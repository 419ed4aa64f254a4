package dev.rpcboot.jsonrpc;

import java.io.IOException;

import dev.rpcboot.call.ContractMethod;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.ObjectWriter;

/**
 * A response whose result is an array, encoded as its items come. For one thread at a
 * time.
 *
 * @since 0.1
 */
public final class ResultArray {

	private final ContractMethod method;

	private final ObjectWriter writer;

	private final RawJson id;

	private final long limit;

	private final BoundedOutput out;

	private boolean begun;

	ResultArray(ContractMethod method, ObjectWriter writer, RawJson id, long limit) {
		this.method = method;
		this.writer = writer;
		this.id = id;
		this.limit = limit;
		this.out = new BoundedOutput(limit, 512);
	}

	/**
	 * Adds an item.
	 * @throws AnswerTooLargeException if the response is above the limit with it
	 * @throws IllegalArgumentException if it cannot be encoded
	 */
	public void add(Object item) throws AnswerTooLargeException {
		try {
			begin();
			try (JsonGenerator generator = this.writer.createGenerator(this.out)) {
				this.writer.writeValue(generator, item);
			}
		}
		// wide, because serializers and accessors are user code
		catch (IOException | RuntimeException ex) {
			throw refused(ex);
		}
	}

	/**
	 * Ends the array.
	 * @return the whole response
	 * @throws AnswerTooLargeException if it is above the limit
	 */
	public byte[] end() throws AnswerTooLargeException {
		try {
			if (!this.begun) {
				begin();
			}
			this.out.write(']');
			this.out.write('}');
			return this.out.toByteArray();
		}
		catch (IOException ex) {
			throw refused(ex);
		}
	}

	private void begin() throws IOException {
		if (this.begun) {
			this.out.write(',');
			return;
		}
		this.begun = true;
		this.out.write(ServerCodec.BEFORE_ID);
		this.out.write(this.id.bytes(), this.id.from(), this.id.length());
		this.out.write(ServerCodec.BEFORE_RESULT);
		this.out.write('[');
	}

	private IllegalArgumentException refused(Exception failure) throws AnswerTooLargeException {
		if (this.out.isExceeded()) {
			throw new AnswerTooLargeException(this.limit);
		}
		return new IllegalArgumentException("An item of " + this.method.fullName() + " cannot be encoded", failure);
	}

}
