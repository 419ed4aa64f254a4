package dev.rpcboot.server.servlet;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies, and reads away those that nobody wants.
 */
final class RequestBody {

	private static final int TRUSTED_LENGTH = 64 * 1024;

	private static final int MAX_DRAINED = 64 * 1024;

	private RequestBody() {
	}

	/**
	 * Reads a body, which the container's own timeout keeps from dripping for ever.
	 * @return the body, or {@code null} if it is larger than the limit
	 */
	static byte @Nullable [] read(HttpServletRequest request, int limit) throws IOException {
		InputStream in = request.getInputStream();
		long length = request.getContentLengthLong();
		if (length > limit) {
			return null;
		}
		// a caller that only announces a large body must not make us allocate it
		if (length >= 0 && length <= TRUSTED_LENGTH) {
			byte[] body = new byte[(int) length];
			if (in.readNBytes(body, 0, body.length) < body.length) {
				throw new EOFException("The body is shorter than announced");
			}
			return body;
		}
		byte[] body = in.readNBytes(limit + 1);
		return (body.length > limit) ? null : body;
	}

	/**
	 * Reads away what is left of a body, so that the answer is not lost by closing the
	 * connection on unread bytes.
	 * @return whether all of it was read, and the connection can be used again
	 */
	static boolean drain(HttpServletRequest request) {
		// such a caller sends no body before it is asked to, which reading would do
		if (request.getHeader("Expect") != null || request.getContentLengthLong() > MAX_DRAINED) {
			return false;
		}
		try {
			InputStream in = request.getInputStream();
			byte[] buffer = new byte[8 * 1024];
			long drained = 0;
			for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
				drained += read;
				if (drained > MAX_DRAINED) {
					return false;
				}
			}
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
