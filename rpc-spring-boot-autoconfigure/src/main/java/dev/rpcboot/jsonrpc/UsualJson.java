package dev.rpcboot.jsonrpc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Finds the ends of values of JSON in bytes that are UTF-8, and refuses whatever is not
 * plainly in order: what is not JSON, two members of one name, and what is near a limit,
 * but also what is merely unusual, such as an exponent, an escape in a name or an object
 * with many members. Whoever asks has to look closer then, and asks no more. For one
 * thread.
 */
final class UsualJson {

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private static final long ONES = 0x0101010101010101L;

	private static final long HIGH_BITS = 0x8080808080808080L;

	private static final int[] NONE = new int[0];

	private static final int MAX_DEPTH = 16;

	private static final int MAX_MEMBERS = 32;

	private static final int MAX_NUMBER = 20;

	private final byte[] bytes;

	private final int to;

	private final int maxDepth;

	private final int maxName;

	private final int maxNumber;

	/** Beginning and end of the names of the members of the objects that are open. */
	private int[] names = NONE;

	private int namesEnd;

	private int at;

	private int depth;

	/**
	 * Creates one.
	 * @param from the first byte after a bracket whose end is asked for
	 * @param maxDepth how deep there may be more objects and arrays
	 */
	UsualJson(byte[] bytes, int from, int to, int maxDepth, int maxName, int maxNumber) {
		this.bytes = bytes;
		this.at = from;
		this.to = to;
		this.maxDepth = Math.min(maxDepth, MAX_DEPTH);
		this.maxName = maxName;
		this.maxNumber = Math.min(maxNumber, MAX_NUMBER);
	}

	/**
	 * Where the bracket stands that ends the array, or -1.
	 */
	int endOfArray() {
		return array() ? this.at - 1 : -1;
	}

	/**
	 * Where the bracket stands that ends the object, or -1.
	 */
	int endOfObject() {
		return object() ? this.at - 1 : -1;
	}

	/**
	 * Index after the value that begins there, or -1. After a number or a word must come
	 * what may stand there within an object or an array.
	 */
	int endOfValue(int from) {
		this.at = from;
		return (from < this.to && value(this.bytes[this.at++])) ? this.at : -1;
	}

	/**
	 * Where the quote stands that ends the string whose first character is there, or -1
	 * if there is a backslash in it.
	 */
	int endOfPlainString(int from) {
		int end = endOfPlainText(from);
		return (end >= 0 && this.bytes[end] == '"') ? end : -1;
	}

	private boolean array() {
		int next = next();
		if (next == ']') {
			return true;
		}
		while (value(next)) {
			next = next();
			if (next == ']') {
				return true;
			}
			if (next != ',') {
				return false;
			}
			next = next();
		}
		return false;
	}

	private boolean object() {
		int first = this.namesEnd;
		int next = next();
		if (next == '}') {
			return true;
		}
		while (next == '"' && name(first) && next() == ':' && value(next())) {
			next = next();
			if (next == '}') {
				this.namesEnd = first;
				return true;
			}
			if (next != ',') {
				return false;
			}
			next = next();
		}
		return false;
	}

	private boolean value(int first) {
		return switch (first) {
			case '"' -> string();
			case '{' -> enter() && object() && leave();
			case '[' -> enter() && array() && leave();
			case 't' -> word("rue");
			case 'f' -> word("alse");
			case 'n' -> word("ull");
			default -> number(first);
		};
	}

	private boolean enter() {
		return ++this.depth <= this.maxDepth;
	}

	private boolean leave() {
		this.depth--;
		return true;
	}

	/** The next byte that is no space, or -1 at the end. */
	private int next() {
		while (this.at < this.to) {
			byte next = this.bytes[this.at++];
			if (next != ' ' && next != '\n' && next != '\r' && next != '\t') {
				return next;
			}
		}
		return -1;
	}

	private boolean name(int first) {
		int from = this.at;
		int end = endOfPlainString(from);
		if (end < 0 || end - from > this.maxName || this.namesEnd - first == 2 * MAX_MEMBERS) {
			return false;
		}
		for (int i = first; i < this.namesEnd; i += 2) {
			if (this.names[i + 1] - this.names[i] == end - from
					&& Arrays.equals(this.bytes, this.names[i], this.names[i + 1], this.bytes, from, end)) {
				return false;
			}
		}
		if (this.namesEnd == this.names.length) {
			this.names = Arrays.copyOf(this.names, Math.max(32, 2 * this.namesEnd));
		}
		this.names[this.namesEnd++] = from;
		this.names[this.namesEnd++] = end;
		this.at = end + 1;
		return true;
	}

	private boolean string() {
		int end = endOfPlainText(this.at);
		while (end >= 0 && this.bytes[end] == '\\') {
			if (end + 1 >= this.to || "\"\\/bfnrt".indexOf(this.bytes[end + 1]) < 0) {
				return false;
			}
			end = endOfPlainText(end + 2);
		}
		this.at = end + 1;
		return end >= 0;
	}

	/** Where the next quote or backslash stands; -1 if something comes before that. */
	private int endOfPlainText(int from) {
		int i = from;
		for (; i + Long.BYTES <= this.to; i += Long.BYTES) {
			long text = (long) LONGS.get(this.bytes, i);
			// below a space, a quote or a backslash: each exact up to the first that is
			// found
			long quotes = text ^ (ONES * '"');
			long backslashes = text ^ (ONES * '\\');
			long found = ((text - ONES * ' ') & ~text) | ((quotes - ONES) & ~quotes)
					| ((backslashes - ONES) & ~backslashes);
			if ((found & HIGH_BITS) != 0) {
				i += Long.numberOfTrailingZeros(found & HIGH_BITS) / Byte.SIZE;
				return isEnd(this.bytes[i]) ? i : -1;
			}
		}
		for (; i < this.to; i++) {
			if (isEnd(this.bytes[i])) {
				return i;
			}
			if (this.bytes[i] >= 0 && this.bytes[i] < ' ') {
				return -1;
			}
		}
		return -1;
	}

	private static boolean isEnd(byte c) {
		return c == '"' || c == '\\';
	}

	private boolean word(String rest) {
		if (this.to - this.at < rest.length()) {
			return false;
		}
		for (int i = 0; i < rest.length(); i++) {
			if (this.bytes[this.at++] != rest.charAt(i)) {
				return false;
			}
		}
		return isOver();
	}

	private boolean number(int first) {
		int from = this.at - 1;
		int digit = first;
		if (first == '-') {
			digit = (this.at < this.to) ? this.bytes[this.at++] : -1;
		}
		if (digit < '0' || digit > '9') {
			return false;
		}
		if (digit != '0') {
			digits();
		}
		if (this.at < this.to && this.bytes[this.at] == '.') {
			int point = this.at++;
			digits();
			if (this.at == point + 1) {
				return false;
			}
		}
		return this.at - from <= this.maxNumber && isOver();
	}

	private void digits() {
		while (this.at < this.to && this.bytes[this.at] >= '0' && this.bytes[this.at] <= '9') {
			this.at++;
		}
	}

	/** Whether a word or number ends here, and does not go on with anything else. */
	private boolean isOver() {
		byte next = (this.at < this.to) ? this.bytes[this.at] : 0;
		return next == ',' || next == ']' || next == '}' || next == ' ' || next == '\n' || next == '\r' || next == '\t';
	}

}
