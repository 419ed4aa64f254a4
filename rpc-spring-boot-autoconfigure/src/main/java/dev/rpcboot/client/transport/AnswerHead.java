package dev.rpcboot.client.transport;

import java.util.Arrays;

import dev.rpcboot.call.RpcHeaders;

/**
 * The head of an answer, of which only what somebody may act on is kept. Not safe for
 * concurrent use.
 */
final class AnswerHead {

	static final int MAX_HEADERS = 100;

	private static final int UNSAID = -1;

	private static final int MAX_DIGITS = 15;

	private final AnswerLines lines;

	private final String[] headers = new String[2 * MAX_HEADERS];

	private int headersSize;

	private int count;

	private int status;

	private boolean http11;

	private boolean persistent;

	private boolean chunked;

	private long contentLength;

	private long keepSeconds;

	AnswerHead(AnswerLines lines) {
		this.lines = lines;
	}

	/**
	 * Reads the status line.
	 */
	void begin() throws MalformedAnswerException {
		AnswerLines line = this.lines;
		boolean http1 = line.length() >= 12 && line.at(0) == 'H' && line.is(0, 7, "http/1.")
				&& (line.at(7) == '1' || line.at(7) == '0') && line.at(8) == ' '
				&& (line.length() == 12 || line.at(12) == ' ');
		this.status = http1 ? (int) number(9, 12) : UNSAID;
		if (this.status < 100) {
			throw new MalformedAnswerException("it does not begin with a status line of HTTP/1.1");
		}
		this.headersSize = 0;
		this.count = 0;
		this.http11 = line.at(7) == '1';
		this.persistent = this.http11;
		this.chunked = false;
		this.contentLength = UNSAID;
		this.keepSeconds = Long.MAX_VALUE;
	}

	/**
	 * Reads a header.
	 */
	void add() throws MalformedAnswerException {
		if (this.count++ == MAX_HEADERS) {
			throw new MalformedAnswerException("there are more than " + MAX_HEADERS + " headers");
		}
		int colon = colon();
		int start = skipSpace(colon + 1, this.lines.length());
		int end = withoutSpace(start, this.lines.length());
		switch (colon) {
			case 14 -> contentLength(colon, start, end);
			case 17 -> transferEncoding(colon, start, end);
			case 10 -> connection(colon, start, end);
			default -> {
			}
		}
		if (isPassedOn(colon) && isClean(start, end)) {
			pass(this.lines.text(0, colon), this.lines.text(start, end));
		}
	}

	private boolean isPassedOn(int colon) {
		if (colon > 4 && this.lines.is(0, 4, "rpc-")) {
			return true;
		}
		return switch (colon) {
			case 10 -> this.lines.is(0, colon, "connection");
			case 11 -> this.lines.is(0, colon, "retry-after");
			case 12 -> this.lines.is(0, colon, "content-type");
			case 15 -> this.lines.is(0, colon, "accept-encoding");
			case 16 -> this.lines.is(0, colon, "content-encoding") || this.lines.is(0, colon, "www-authenticate");
			default -> false;
		};
	}

	private int colon() throws MalformedAnswerException {
		for (int i = 0; i < this.lines.length(); i++) {
			int c = this.lines.at(i);
			if (c == ':' && i > 0) {
				return i;
			}
			if (!RpcHeaders.isTokenCharacter(c)) {
				break;
			}
		}
		throw new MalformedAnswerException("a header has no name, or one that is no token");
	}

	private void contentLength(int colon, int start, int end) throws MalformedAnswerException {
		if (!this.lines.is(0, colon, "content-length")) {
			return;
		}
		long length = number(start, end);
		if (length < 0 || (this.contentLength >= 0 && this.contentLength != length)) {
			throw new MalformedAnswerException("its Content-Length is no number, or there are two");
		}
		this.contentLength = length;
	}

	private void transferEncoding(int colon, int start, int end) throws MalformedAnswerException {
		if (!this.lines.is(0, colon, "transfer-encoding")) {
			return;
		}
		if (this.chunked || !this.lines.is(start, end, "chunked")) {
			throw new MalformedAnswerException("its Transfer-Encoding is not chunked");
		}
		this.chunked = true;
	}

	private void connection(int colon, int start, int end) {
		if (this.lines.is(0, colon, "connection")) {
			if (hasElement(start, end, "close")) {
				this.keepSeconds = 0;
			}
			else if (hasElement(start, end, "keep-alive")) {
				this.persistent = true;
			}
		}
		else if (this.lines.is(0, colon, "keep-alive")) {
			keepAlive(start, end);
		}
	}

	private boolean hasElement(int start, int end, String element) {
		for (int from = start; from < end;) {
			int to = from;
			while (to < end && this.lines.at(to) != ',') {
				to++;
			}
			if (this.lines.is(skipSpace(from, to), withoutSpace(from, to), element)) {
				return true;
			}
			from = to + 1;
		}
		return false;
	}

	// a hint that nobody can read binds nobody
	private void keepAlive(int start, int end) {
		for (int from = start; from < end;) {
			int to = from;
			while (to < end && this.lines.at(to) != ',') {
				to++;
			}
			int first = skipSpace(from, to);
			int last = withoutSpace(from, to);
			if (last - first > 8 && this.lines.is(first, first + 8, "timeout=")) {
				long seconds = number(first + 8, last);
				// one less: a request must arrive before the server's time is over
				this.keepSeconds = (seconds >= 0) ? Math.min(this.keepSeconds, Math.max(0, seconds - 1))
						: this.keepSeconds;
			}
			from = to + 1;
		}
	}

	private int skipSpace(int from, int to) {
		int start = from;
		while (start < to && isSpace(this.lines.at(start))) {
			start++;
		}
		return start;
	}

	private int withoutSpace(int from, int to) {
		int end = to;
		while (end > from && isSpace(this.lines.at(end - 1))) {
			end--;
		}
		return end;
	}

	private static boolean isSpace(int c) {
		return c == ' ' || c == '\t';
	}

	private boolean isClean(int start, int end) {
		for (int i = start; i < end; i++) {
			int c = this.lines.at(i);
			if ((c < 0x20 && c != '\t') || c >= 0x7f) {
				return false;
			}
		}
		return true;
	}

	/** The number in a part of the line, or a negative one if it is none. */
	private long number(int start, int end) {
		if (end <= start || end - start > MAX_DIGITS) {
			return UNSAID;
		}
		long number = 0;
		for (int i = start; i < end; i++) {
			int digit = this.lines.at(i) - '0';
			if (digit < 0 || digit > 9) {
				return UNSAID;
			}
			number = 10 * number + digit;
		}
		return number;
	}

	/**
	 * Keeps the first of each name, but for lists, of which no element may be missed.
	 */
	private void pass(String name, String value) {
		for (int i = 0; i < this.headersSize; i += 2) {
			if (this.headers[i].equalsIgnoreCase(name)) {
				if (HttpHeaders.isList(name)) {
					this.headers[i + 1] += ", " + value;
				}
				return;
			}
		}
		this.headers[this.headersSize] = name;
		this.headers[this.headersSize + 1] = value;
		this.headersSize += 2;
	}

	/**
	 * Says that there are no more headers.
	 */
	void end() throws MalformedAnswerException {
		if (this.chunked && (this.contentLength >= 0 || !this.http11)) {
			throw new MalformedAnswerException("its headers say in two ways how long it is");
		}
		boolean endsWithConnection = !this.chunked && this.contentLength < 0 && !hasNoBody();
		boolean unreadBody = hasNoBody() && (this.chunked || this.contentLength > 0);
		if (!this.persistent || endsWithConnection || unreadBody) {
			this.keepSeconds = 0;
		}
	}

	int status() {
		return this.status;
	}

	RpcHeaders headers() {
		RpcHeaders headers = RpcHeaders.of(Arrays.copyOf(this.headers, this.headersSize));
		// an idle connection should not hold what a server chose to send
		Arrays.fill(this.headers, 0, this.headersSize, "");
		return headers;
	}

	boolean hasNoBody() {
		return this.status < 200 || this.status == 204 || this.status == 304;
	}

	boolean isChunked() {
		return this.chunked;
	}

	/**
	 * Size of the body, or a negative number if it is not said.
	 */
	long contentLength() {
		return this.contentLength;
	}

	/**
	 * For how many seconds a request may still be sent after this answer.
	 */
	long keepSeconds() {
		return this.keepSeconds;
	}

}
