package dev.rpcboot.jsonrpc;

import java.io.ByteArrayOutputStream;

/**
 * Collects bytes, and does not copy them at the end where their number was foreseen. For
 * one thread, and for one result.
 */
final class ExactOutput extends ByteArrayOutputStream {

	ExactOutput(int expected) {
		super(expected);
	}

	@Override
	public synchronized byte[] toByteArray() {
		return (this.count == this.buf.length) ? this.buf : super.toByteArray();
	}

}
