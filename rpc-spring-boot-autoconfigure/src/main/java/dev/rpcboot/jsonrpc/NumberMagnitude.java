package dev.rpcboot.jsonrpc;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Finds numbers that are short to write and expensive to use: {@code 1e1000000000} is
 * twelve characters, and a gigabyte once somebody adds 1 to it. Looks at the text alone.
 */
final class NumberMagnitude {

	private static final int LIMIT = 1000;

	private NumberMagnitude() {
	}

	/**
	 * Whether the scale or the precision of a JSON number is above the limit.
	 */
	static boolean isExtreme(char[] text, int offset, int length) {
		int digits = 0;
		int fractionDigits = 0;
		boolean inFraction = false;
		for (int i = offset; i < offset + length; i++) {
			char c = text[i];
			if (c == '.') {
				inFraction = true;
			}
			else if (c == 'e' || c == 'E') {
				return digits > LIMIT || Math.abs(fractionDigits - exponent(text, i + 1, offset + length)) > LIMIT;
			}
			else if (c != '-') {
				digits++;
				fractionDigits += inFraction ? 1 : 0;
			}
		}
		return digits > LIMIT;
	}

	static boolean isExtreme(BigDecimal value) {
		return Math.abs((long) value.scale()) > LIMIT || value.precision() > LIMIT;
	}

	static boolean isExtreme(BigInteger value) {
		// 1000 decimal digits are some 3322 bits; toString of a huge one would be slow
		return value.bitLength() > 4 * LIMIT || new BigDecimal(value).precision() > LIMIT;
	}

	private static long exponent(char[] text, int from, int to) {
		boolean negative = text[from] == '-';
		long exponent = 0;
		for (int i = from; i < to && exponent <= Integer.MAX_VALUE; i++) {
			char c = text[i];
			if (c >= '0' && c <= '9') {
				exponent = 10 * exponent + (c - '0');
			}
		}
		return negative ? -exponent : exponent;
	}

}
