package dev.rpcboot.faults.proxy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 message, byte for byte, of which only the end is understood.
 *
 * @param head first line and headers, with the empty line
 * @param body as it came, chunks with their sizes
 */
record HttpMessage(byte[] head, byte[] body) {

	private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length:\\s*(\\d+)\\s*\r\n");

	/**
	 * Reads the next message, or {@code null} if the connection ended before it began.
	 */
	static @Nullable HttpMessage read(InputStream in) throws IOException {
		byte[] head = head(in);
		if (head.length == 0) {
			return null;
		}
		String text = new String(head, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
		Matcher length = LENGTH.matcher(text);
		if (length.find()) {
			return new HttpMessage(head, exactly(in, Integer.parseInt(length.group(1))));
		}
		if (text.contains("\r\ntransfer-encoding: chunked\r\n")) {
			return new HttpMessage(head, chunks(in));
		}
		return new HttpMessage(head, new byte[0]);
	}

	/** Whether the sender ends the connection after it. */
	boolean isLast() {
		return new String(this.head, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT)
			.contains("\r\nconnection: close\r\n");
	}

	private static byte[] head(InputStream in) throws IOException {
		ByteArrayOutputStream head = new ByteArrayOutputStream(512);
		int newlines = 0;
		while (newlines < 2) {
			int b = in.read();
			if (b < 0) {
				if (head.size() == 0) {
					return new byte[0];
				}
				throw new EOFException();
			}
			head.write(b);
			newlines = (b == '\n') ? newlines + 1 : (b == '\r') ? newlines : 0;
		}
		return head.toByteArray();
	}

	private static byte[] chunks(InputStream in) throws IOException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		int size;
		do {
			byte[] line = line(in);
			body.write(line);
			size = Integer.parseInt(new String(line, StandardCharsets.ISO_8859_1).strip(), 16);
			body.write(exactly(in, size + 2));
		}
		while (size > 0);
		return body.toByteArray();
	}

	private static byte[] line(InputStream in) throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		int b;
		do {
			b = in.read();
			if (b < 0) {
				throw new EOFException();
			}
			line.write(b);
		}
		while (b != '\n');
		return line.toByteArray();
	}

	private static byte[] exactly(InputStream in, int length) throws IOException {
		byte[] bytes = in.readNBytes(length);
		if (bytes.length < length) {
			throw new EOFException();
		}
		return bytes;
	}

}
