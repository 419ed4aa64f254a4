package dev.rpcboot.jsonrpc;

/**
 * How much text an error object may carry, when it is written and when it is read.
 */
final class ErrorTexts {

	static final int MAX_VIOLATIONS = 50;

	private static final int MAX_MESSAGE = 1000;

	private ErrorTexts() {
	}

	/**
	 * The message, cut to what may travel.
	 */
	static String message(String text) {
		return cut(text, MAX_MESSAGE);
	}

	static String cut(String text, int max) {
		if (text.length() <= max) {
			return text;
		}
		// half of a character cannot be encoded
		return text.substring(0, Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max);
	}

}
