package dev.rpcboot.benchmark.limit;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

/**
 * A socket that frames are read from with as few reads as they come in. There is never
 * more than one under way.
 */
final class FrameSocket {

	private final Socket socket;

	private final InputStream in;

	private final byte[] buffer = new byte[128 * 1024];

	FrameSocket(Socket socket) throws IOException {
		this.socket = socket;
		socket.setTcpNoDelay(true);
		this.in = socket.getInputStream();
	}

	void write(byte[] frame) throws IOException {
		this.socket.getOutputStream().write(frame);
	}

	/**
	 * Reads a frame, which is valid until the next, or {@code null} if there is none any
	 * more.
	 */
	@Nullable ByteBuffer read() throws IOException {
		int length = this.in.read(this.buffer);
		if (length < 0) {
			return null;
		}
		while (length < 4 || length < 4 + ByteBuffer.wrap(this.buffer).getInt()) {
			int more = this.in.read(this.buffer, length, this.buffer.length - length);
			if (more < 0) {
				throw new EOFException("A frame broke off");
			}
			length += more;
		}
		return ByteBuffer.wrap(this.buffer, 0, length);
	}

}
