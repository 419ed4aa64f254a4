package dev.rpcboot.jsonrpc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Collects bytes up to a limit. For one thread.
 */
final class BoundedOutput extends OutputStream {

	private final ByteArrayOutputStream bytes;

	private final long limit;

	private boolean exceeded;

	BoundedOutput(long limit, int expected) {
		this.limit = limit;
		this.bytes = new ExactOutput((int) Math.max(0, Math.min(expected, limit)));
	}

	@Override
	public void write(int b) throws IOException {
		reserve(1);
		this.bytes.write(b);
	}

	@Override
	public void write(byte[] source, int from, int length) throws IOException {
		reserve(length);
		this.bytes.write(source, from, length);
	}

	/**
	 * Whether more was written than fits. Serializers may have wrapped the exception that
	 * said so.
	 */
	boolean isExceeded() {
		return this.exceeded;
	}

	int size() {
		return this.bytes.size();
	}

	byte[] toByteArray() {
		return this.bytes.toByteArray();
	}

	private void reserve(int length) throws IOException {
		if (this.bytes.size() + (long) length > this.limit) {
			this.exceeded = true;
			throw new IOException("Larger than " + this.limit + " bytes");
		}
	}

}
