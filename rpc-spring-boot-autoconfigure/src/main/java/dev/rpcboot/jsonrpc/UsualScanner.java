package dev.rpcboot.jsonrpc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;

/**
 * Walks through a body that is written as this library writes it: certain members in a
 * certain order, with nothing between them. Whatever is otherwise it does not pass, and a
 * {@link JsonScanner} has to look at the body from its beginning. For one thread and one
 * body.
 */
final class UsualScanner {

	private final byte[] body;

	private final UsualJson json;

	private final int maxNumber;

	private int at;

	UsualScanner(byte[] body, StreamReadConstraints limits) {
		this.body = body;
		this.maxNumber = limits.getMaxNumberLength();
		// the values stand within an object, and that perhaps within an array
		this.json = new UsualJson(body, 0, body.length, limits.getMaxNestingDepth() - 2, limits.getMaxNameLength(),
				limits.getMaxNumberLength());
	}

	/**
	 * Passes that text if it is the next.
	 */
	boolean skip(byte[] text) {
		int end = this.at + text.length;
		if (end > this.body.length || !Arrays.equals(this.body, this.at, end, text, 0, text.length)) {
			return false;
		}
		this.at = end;
		return true;
	}

	/**
	 * Passes that character if it is the next.
	 */
	boolean skip(char character) {
		boolean isNext = this.at < this.body.length && this.body[this.at] == character;
		this.at += isNext ? 1 : 0;
		return isNext;
	}

	/**
	 * Passes that number if it is the next, and not too long. It is not looked whether
	 * more digits follow.
	 * @param number above zero
	 */
	boolean skip(long number) {
		int end = this.at;
		for (long rest = number; rest > 0; rest /= 10) {
			end++;
		}
		if (end - this.at > this.maxNumber) {
			return false;
		}
		long rest = number;
		for (int i = end - 1; i >= this.at; i--) {
			if (i >= this.body.length || this.body[i] != '0' + rest % 10) {
				return false;
			}
			rest /= 10;
		}
		this.at = end;
		return number > 0;
	}

	/**
	 * Passes a value and tells where it stands; {@code null} if there is none, or it has
	 * to be looked at more closely.
	 */
	@Nullable RawJson value() {
		int end = this.json.endOfValue(this.at);
		if (end < 0) {
			return null;
		}
		RawJson value = new RawJson(this.body, this.at, end);
		this.at = end;
		return value;
	}

	/**
	 * Passes a string and returns what it says; {@code null} if there is none, or it is
	 * longer, or has to be looked at more closely.
	 */
	@Nullable String text(int maxLength) {
		int from = this.at + 1;
		if (!skip('"')) {
			return null;
		}
		int end = this.json.endOfPlainString(from);
		if (end < 0 || end - from > maxLength) {
			return null;
		}
		this.at = end + 1;
		return new String(this.body, from, end - from, StandardCharsets.UTF_8);
	}

	/**
	 * Whether that was all, and all of it UTF-8. Until then, nothing is sure.
	 */
	boolean isWholeUtf8() {
		return this.at == this.body.length && StrictUtf8.isValid(this.body);
	}

}
