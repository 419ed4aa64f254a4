package dev.rpcboot.client.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

import dev.rpcboot.client.RpcTransport.Answer;

/**
 * Reads answers of HTTP/1.1 as strictly as
 * <a href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112</a> allows: what two readers
 * could understand in two ways is refused. Not safe for concurrent use.
 */
final class AnswerParser {

	/** Interim answers to one request; nobody needs more. */
	private static final int MAX_INTERIM = 100;

	/** Up to here room is made for a body before it comes. */
	private static final int BELIEVED = 256 * 1024;

	private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

	/** Digits of a length that cannot overflow. */
	private static final int MAX_DIGITS = 15;

	private final AnswerLines lines;

	private final AnswerHead head;

	AnswerParser(AnswerLines lines) {
		this.lines = lines;
		this.head = new AnswerHead(lines);
	}

	/**
	 * Reads the answer to a request.
	 * @param maxSize largest body
	 */
	Answer read(long maxSize) throws IOException {
		for (int i = 0; i <= MAX_INTERIM; i++) {
			readHead();
			if (this.head.status() >= 200) {
				byte[] body = body(Math.min(maxSize, MAX_ARRAY));
				return new Answer(this.head.status(), this.head.headers(), body);
			}
			if (this.head.status() == 101) {
				throw new MalformedAnswerException("the server switched to another protocol, unasked");
			}
		}
		throw new MalformedAnswerException("there are more than " + MAX_INTERIM + " interim answers");
	}

	/**
	 * For how many seconds the server keeps the connection after the answer that was
	 * read: {@code 0} if not at all, {@link Long#MAX_VALUE} if it does not say.
	 */
	long keepSeconds() {
		return this.head.keepSeconds();
	}

	private void readHead() throws IOException {
		this.lines.next();
		this.head.begin();
		this.lines.next();
		while (this.lines.length() > 0) {
			this.head.add();
			this.lines.next();
		}
		this.head.end();
	}

	private byte[] body(long maxSize) throws IOException {
		if (this.head.hasNoBody()) {
			return new byte[0];
		}
		if (this.head.isChunked()) {
			return chunks(maxSize);
		}
		long length = this.head.contentLength();
		if (length < 0) {
			return this.lines.readToEnd(maxSize);
		}
		if (length > maxSize) {
			throw new AnswerTooLargeException();
		}
		return block((int) length);
	}

	private byte[] block(int length) throws IOException {
		byte[] body = new byte[Math.min(length, BELIEVED)];
		this.lines.read(body, 0, body.length);
		while (body.length < length) {
			int done = body.length;
			body = Arrays.copyOf(body, (int) Math.min(length, 4L * done));
			this.lines.read(body, done, body.length - done);
		}
		return body;
	}

	private byte[] chunks(long maxSize) throws IOException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		for (long size = chunkSize(); size > 0; size = chunkSize()) {
			if (body.size() + size > maxSize) {
				throw new AnswerTooLargeException();
			}
			body.writeBytes(block((int) size));
			this.lines.next();
			if (this.lines.length() > 0) {
				throw new MalformedAnswerException("a chunk is longer than it says");
			}
		}
		skipTrailers();
		return body.toByteArray();
	}

	private long chunkSize() throws IOException {
		this.lines.next();
		long size = 0;
		int digits = 0;
		for (; digits < this.lines.length(); digits++) {
			int digit = Character.digit(this.lines.at(digits), 16);
			if (digit < 0) {
				break;
			}
			if (digits == MAX_DIGITS) {
				throw new MalformedAnswerException("the size of a chunk has too many digits");
			}
			size = 16 * size + digit;
		}
		int end = digits;
		while (end < this.lines.length() && (this.lines.at(end) == ' ' || this.lines.at(end) == '\t')) {
			end++;
		}
		if (digits == 0 || (end < this.lines.length() && this.lines.at(end) != ';')) {
			throw new MalformedAnswerException("the size of a chunk is no number");
		}
		return size;
	}

	private void skipTrailers() throws IOException {
		for (int i = 0; i <= AnswerHead.MAX_HEADERS; i++) {
			this.lines.next();
			if (this.lines.length() == 0) {
				return;
			}
		}
		throw new MalformedAnswerException("there are more than " + AnswerHead.MAX_HEADERS + " trailers");
	}

}
