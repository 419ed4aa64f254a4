package dev.rpcboot.server.servlet;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.Arrays;

import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.server.RequestMemory;
import dev.rpcboot.server.UnwantedBody;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies, and reads away those that nobody wants.
 */
final class RequestBody {

	private static final int TRUSTED_LENGTH = 16 * 1024;

	private RequestBody() {
	}

	/**
	 * Reads a body, into memory that is taken as it comes. The container ends a read that
	 * brings nothing for a while; a body that drips is ended here.
	 * @param limit the most bytes that it may have
	 * @return the body, or {@code null} if it is larger than the limit
	 * @throws SocketTimeoutException if it was not there when the deadline passed
	 * @throws RequestMemory.ExhaustedException if nothing is left for it
	 */
	static byte @Nullable [] read(HttpServletRequest request, int limit, RequestMemory.Share memory, Deadline deadline)
			throws IOException {
		InputStream in = request.getInputStream();
		long length = request.getContentLengthLong();
		// a caller that only announces a large body must not make us allocate it
		byte[] body = new byte[(int) Math.min((length >= 0) ? length : 1024, TRUSTED_LENGTH)];
		memory.take(body.length);
		int size = 0;
		while (size != length) {
			if (size == body.length) {
				// one byte more, to see that it is too large
				long most = (length > size) ? length : limit + 1L;
				int capacity = (int) Math.min(most, Math.max(1024, 2 * size));
				memory.take(capacity - size);
				body = Arrays.copyOf(body, capacity);
			}
			int read = in.read(body, size, body.length - size);
			if (read < 0) {
				break;
			}
			size += read;
			memory.received(read);
			if (size > limit) {
				return null;
			}
			if (size != length && deadline.isExpired()) {
				throw new SocketTimeoutException("The body came too slowly");
			}
		}
		if (size < length) {
			throw new EOFException("The body is shorter than announced");
		}
		return (size == body.length) ? body : Arrays.copyOf(body, size);
	}

	/**
	 * Reads away what is left of a body, so that the answer is not lost by closing the
	 * connection on unread bytes. The container ends a read that brings nothing for a
	 * while; a body that drips is given up here.
	 * @param most how many bytes are read at most
	 * @return whether all of it was read, and the connection can be used again
	 */
	static boolean drain(HttpServletRequest request, long most) {
		Deadline deadline = Deadline.after(UnwantedBody.MAX_TIME, NanoClock.SYSTEM);
		try {
			InputStream in = request.getInputStream();
			byte[] buffer = new byte[8 * 1024];
			long drained = 0;
			for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
				drained += read;
				if (drained > most || deadline.isExpired()) {
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
