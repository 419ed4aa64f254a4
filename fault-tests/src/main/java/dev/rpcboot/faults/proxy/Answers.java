package dev.rpcboot.faults.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/**
 * Answers that the proxy makes itself.
 */
final class Answers {

	static final byte[] HTML_502 = answer("502 Bad Gateway", "Content-Type: text/html\r\n",
			"<html><body><h1>502 Bad Gateway</h1></body></html>".getBytes(StandardCharsets.UTF_8));

	static final byte[] OVERLOADED = answer("503 Service Unavailable",
			"Content-Type: application/json\r\nRpc-Status: OVERLOADED\r\nRetry-After: 1\r\n", """
					{"jsonrpc":"2.0","id":null,"error":{"code":-32014,"message":"Overloaded",\
					"data":{"reason":"OVERLOADED","executed":"no","retryAfterMs":100}}}"""
				.getBytes(StandardCharsets.UTF_8));

	static final byte[] GZIP_BOMB = answer("200 OK", "Content-Type: application/json\r\nContent-Encoding: gzip\r\n",
			bomb());

	private static final int INFLATED = 64 << 20;

	private Answers() {
	}

	private static byte[] answer(String status, String headers, byte[] body) {
		byte[] head = ("HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + body.length + "\r\n\r\n")
			.getBytes(StandardCharsets.ISO_8859_1);
		byte[] answer = Arrays.copyOf(head, head.length + body.length);
		System.arraycopy(body, 0, answer, head.length, body.length);
		return answer;
	}

	private static byte[] bomb() {
		ByteArrayOutputStream compressed = new ByteArrayOutputStream();
		byte[] blanks = new byte[1 << 16];
		Arrays.fill(blanks, (byte) ' ');
		try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
			for (int size = 0; size < INFLATED; size += blanks.length) {
				gzip.write(blanks);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return compressed.toByteArray();
	}

}
