package dev.rpcboot.client.transport;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What comes by a connection, as lines that end with CRLF and as blocks of bytes. Of a
 * line no more than a limit is held. Not safe for concurrent use.
 */
final class AnswerLines {

	private static final int USUAL_SIZE = 8 * 1024;

	private static final int MAX_LINE = 16 * 1024;

	/** How much is read at once past the buffer, which bounds what the JDK keeps too. */
	private static final int MAX_READ = 64 * 1024;

	/** How long a text is at most that is likely to come again. */
	private static final int MAX_KNOWN = 64;

	private final InputStream in;

	private final String[] known = new String[64];

	private byte[] buffer = new byte[USUAL_SIZE];

	private int position;

	private int limit;

	private int lineStart;

	private int lineEnd;

	AnswerLines(InputStream in) {
		this.in = in;
	}

	/**
	 * Whether more has come than was asked for.
	 */
	boolean hasMore() {
		return this.position < this.limit;
	}

	/**
	 * Reads the next line.
	 * @throws EOFException if the connection ends before the line does
	 * @throws MalformedAnswerException if the line is too long, or ends otherwise
	 */
	void next() throws IOException {
		int scanned = 0;
		while (true) {
			for (int i = this.position + scanned; i < this.limit; i++) {
				if (this.buffer[i] == '\n') {
					endLine(i);
					return;
				}
			}
			scanned = this.limit - this.position;
			if (scanned >= MAX_LINE) {
				throw new MalformedAnswerException("a line is longer than " + MAX_LINE + " bytes");
			}
			fill();
		}
	}

	private void endLine(int lineFeed) throws MalformedAnswerException {
		this.lineStart = this.position;
		this.lineEnd = lineFeed - 1;
		this.position = lineFeed + 1;
		if (this.lineEnd < this.lineStart || this.buffer[this.lineEnd] != '\r') {
			throw new MalformedAnswerException("a line does not end with CRLF");
		}
		for (int i = this.lineStart; i < this.lineEnd; i++) {
			if (this.buffer[i] == '\r' || this.buffer[i] == 0) {
				throw new MalformedAnswerException("a line has a CR or a NUL within");
			}
		}
	}

	private void fill() throws IOException {
		if (this.position == this.limit) {
			this.position = 0;
			this.limit = 0;
		}
		else if (this.limit == this.buffer.length) {
			makeRoom();
		}
		int read = this.in.read(this.buffer, this.limit, this.buffer.length - this.limit);
		if (read < 0) {
			throw new EOFException("The connection ended before the answer did");
		}
		this.limit += read;
	}

	private void makeRoom() {
		if (this.position == 0) {
			this.buffer = Arrays.copyOf(this.buffer, 2 * this.buffer.length);
			return;
		}
		System.arraycopy(this.buffer, this.position, this.buffer, 0, this.limit - this.position);
		this.limit -= this.position;
		this.position = 0;
	}

	/**
	 * Length of the line.
	 */
	int length() {
		return this.lineEnd - this.lineStart;
	}

	/**
	 * A character of the line.
	 */
	int at(int index) {
		return this.buffer[this.lineStart + index] & 0xff;
	}

	/**
	 * Whether a part of the line is this, whatever its case.
	 * @param lowerCase of ASCII, in lower case
	 */
	boolean is(int start, int end, String lowerCase) {
		if (end - start != lowerCase.length()) {
			return false;
		}
		for (int i = 0; i < lowerCase.length(); i++) {
			int c = at(start + i);
			if (((c >= 'A' && c <= 'Z') ? c + ('a' - 'A') : c) != lowerCase.charAt(i)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * A part of the line as a string. Heads are much the same from answer to answer, and
	 * so are their strings.
	 */
	String text(int start, int end) {
		int length = end - start;
		if (length > MAX_KNOWN) {
			return decoded(start, length);
		}
		int hash = length;
		for (int i = start; i < end; i++) {
			hash = 31 * hash + at(i);
		}
		int slot = (hash ^ (hash >>> 16)) & (this.known.length - 1);
		String known = this.known[slot];
		if (known == null || !equals(known, start, length)) {
			known = decoded(start, length);
			this.known[slot] = known;
		}
		return known;
	}

	private boolean equals(String known, int start, int length) {
		if (known.length() != length) {
			return false;
		}
		for (int i = 0; i < length; i++) {
			if (known.charAt(i) != at(start + i)) {
				return false;
			}
		}
		return true;
	}

	private String decoded(int start, int length) {
		return new String(this.buffer, this.lineStart + start, length, StandardCharsets.ISO_8859_1);
	}

	/**
	 * Reads exactly that many bytes.
	 * @throws EOFException if the connection ends before
	 */
	void read(byte[] target, int offset, int length) throws IOException {
		int buffered = Math.min(length, this.limit - this.position);
		System.arraycopy(this.buffer, this.position, target, offset, buffered);
		this.position += buffered;
		for (int done = buffered; done < length;) {
			int read = this.in.read(target, offset + done, Math.min(MAX_READ, length - done));
			if (read < 0) {
				throw new EOFException("The connection ended before the answer did");
			}
			done += read;
		}
	}

	/**
	 * Reads what comes until the connection ends.
	 * @param max how much of it at most
	 * @throws AnswerTooLargeException if it is more
	 */
	byte[] readToEnd(long max) throws IOException {
		int buffered = this.limit - this.position;
		byte[] body = Arrays.copyOfRange(this.buffer, this.position, this.limit);
		this.position = this.limit;
		byte[] rest = (buffered <= max)
				? this.in.readNBytes((int) Math.min(max - buffered + 1, Integer.MAX_VALUE - buffered - 8)) : body;
		if ((long) buffered + rest.length > max) {
			throw new AnswerTooLargeException();
		}
		byte[] whole = Arrays.copyOf(body, buffered + rest.length);
		System.arraycopy(rest, 0, whole, buffered, rest.length);
		return whole;
	}

}
