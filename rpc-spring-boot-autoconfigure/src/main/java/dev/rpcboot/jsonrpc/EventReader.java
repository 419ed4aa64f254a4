package dev.rpcboot.jsonrpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Cuts the body of a {@code text/event-stream} into events, as the HTML standard says but
 * for what calls need not: {@code id}, {@code retry} and unknown fields are passed over.
 * What memory it takes is bounded by the largest event. For one thread at a time.
 *
 * @since 0.1
 */
public final class EventReader {

	private static final byte[] DATA = { 'd', 'a', 't', 'a' };

	private static final byte[] TYPE = { 'e', 'v', 'e', 'n', 't' };

	private static final byte[] BYTE_ORDER_MARK = { (byte) 0xEF, (byte) 0xBB, (byte) 0xBF };

	private final long limit;

	private byte[] piece = {};

	private int at;

	private final ByteArrayOutputStream line = new ByteArrayOutputStream(0);

	private boolean firstLine = true;

	private boolean afterCarriageReturn;

	private String type = "";

	private boolean hasData;

	private final ByteArrayOutputStream data = new ByteArrayOutputStream();

	/**
	 * Creates one.
	 * @param limit most bytes of one event
	 */
	public EventReader(long limit) {
		this.limit = limit;
	}

	/**
	 * Takes the next piece of the body, wherever it was cut; only once {@link #next()}
	 * has nothing more to give. Must not be changed afterwards.
	 */
	public void feed(byte[] piece) {
		this.piece = piece;
		this.at = 0;
	}

	/**
	 * The next event, or {@code null} if the rest of it is still to come.
	 * @throws AnswerTooLargeException if it is above the limit
	 */
	public @Nullable Event next() throws AnswerTooLargeException {
		while (this.at < this.piece.length) {
			if (this.afterCarriageReturn) {
				this.afterCarriageReturn = false;
				if (this.piece[this.at] == '\n') {
					this.at++;
					continue;
				}
			}
			int start = this.at;
			int end = endOfLine(start);
			boolean complete = end < this.piece.length;
			this.at = complete ? end + 1 : end;
			if (!complete) {
				keep(start, end);
				return null;
			}
			this.afterCarriageReturn = this.piece[end] == '\r';
			Event event = line(start, end);
			if (event != null) {
				return event;
			}
		}
		return null;
	}

	private int endOfLine(int from) {
		int i = from;
		while (i < this.piece.length && this.piece[i] != '\n' && this.piece[i] != '\r') {
			i++;
		}
		return i;
	}

	private void keep(int start, int end) throws AnswerTooLargeException {
		check(end - start);
		this.line.write(this.piece, start, end - start);
	}

	private void check(int more) throws AnswerTooLargeException {
		if ((long) this.data.size() + this.line.size() + more > this.limit) {
			throw new AnswerTooLargeException(this.limit);
		}
	}

	private @Nullable Event line(int start, int end) throws AnswerTooLargeException {
		check(end - start);
		if (this.line.size() == 0 && !this.firstLine) {
			return line(this.piece, start, end);
		}
		this.line.write(this.piece, start, end - start);
		byte[] whole = this.line.toByteArray();
		this.line.reset();
		boolean marked = this.firstLine && startsWith(whole, 0, whole.length, BYTE_ORDER_MARK);
		this.firstLine = false;
		return line(whole, marked ? BYTE_ORDER_MARK.length : 0, whole.length);
	}

	private @Nullable Event line(byte[] bytes, int from, int to) {
		if (from == to) {
			return event();
		}
		int colon = from;
		while (colon < to && bytes[colon] != ':') {
			colon++;
		}
		int value = Math.min(colon + 1, to);
		if (value < to && bytes[value] == ' ') {
			value++;
		}
		if (Arrays.equals(bytes, from, colon, DATA, 0, DATA.length)) {
			if (this.hasData) {
				this.data.write('\n');
			}
			this.hasData = true;
			this.data.write(bytes, value, to - value);
		}
		else if (Arrays.equals(bytes, from, colon, TYPE, 0, TYPE.length)) {
			this.type = new String(bytes, value, to - value, StandardCharsets.UTF_8);
		}
		return null;
	}

	private @Nullable Event event() {
		if (!this.hasData && this.type.isEmpty()) {
			return null;
		}
		Event event = new Event(this.type, this.data.toByteArray());
		this.type = "";
		this.hasData = false;
		this.data.reset();
		return event;
	}

	private static boolean startsWith(byte[] bytes, int from, int to, byte[] prefix) {
		return to - from >= prefix.length && Arrays.equals(bytes, from, from + prefix.length, prefix, 0, prefix.length);
	}

	/**
	 * One event.
	 *
	 * @param type its type, empty if it says none
	 * @param data its data, empty if it has none
	 */
	@SuppressWarnings("ArrayRecordComponent")
	public record Event(String type, byte[] data) {
	}

}
