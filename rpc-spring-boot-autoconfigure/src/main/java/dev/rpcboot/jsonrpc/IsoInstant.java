package dev.rpcboot.jsonrpc;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;

import org.jspecify.annotations.Nullable;

/**
 * Reads instants in the form in which the JDK writes nearly all of them, at a tenth of
 * what its formatter costs: {@code 2026-11-28T09:30:00.123Z}. Whatever else is an instant
 * is left to the formatter, as is saying why something is none.
 */
final class IsoInstant {

	private static final int SECONDS_END = "2026-11-28T09:30:00".length();

	private static final int MAX_DIGITS = 9;

	private static final long DAY = 86_400;

	private IsoInstant() {
	}

	/**
	 * The instant, or {@code null} if the text is not of that form.
	 */
	static @Nullable Instant parse(String text) {
		int end = text.length() - 1;
		if (end < SECONDS_END || text.charAt(end) != 'Z' || !hasSeparators(text)) {
			return null;
		}
		int year = number(text, 0, 4);
		int month = number(text, 5, 7);
		int day = number(text, 8, 10);
		int hour = number(text, 11, 13);
		int minute = number(text, 14, 16);
		int second = number(text, 17, SECONDS_END);
		int nanos = nanos(text, end);
		if ((year | month | day | hour | minute | second | nanos) < 0 || hour > 23 || minute > 59 || second > 59) {
			return null;
		}
		try {
			long days = LocalDate.of(year, month, day).toEpochDay();
			return Instant.ofEpochSecond(days * DAY + hour * 3600 + minute * 60 + second, nanos);
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	private static boolean hasSeparators(String text) {
		return text.charAt(4) == '-' && text.charAt(7) == '-' && text.charAt(10) == 'T' && text.charAt(13) == ':'
				&& text.charAt(16) == ':';
	}

	private static int nanos(String text, int end) {
		if (end == SECONDS_END) {
			return 0;
		}
		int digits = end - SECONDS_END - 1;
		if (text.charAt(SECONDS_END) != '.' || digits < 1 || digits > MAX_DIGITS) {
			return -1;
		}
		int nanos = number(text, SECONDS_END + 1, end);
		for (int i = digits; i < MAX_DIGITS && nanos > 0; i++) {
			nanos *= 10;
		}
		return nanos;
	}

	/**
	 * What stands there, or -1 if it is not all digits.
	 */
	private static int number(String text, int from, int to) {
		int number = 0;
		for (int i = from; i < to; i++) {
			char c = text.charAt(i);
			if (c < '0' || c > '9') {
				return -1;
			}
			number = 10 * number + c - '0';
		}
		return number;
	}

}
