package dev.rpcboot.jsonrpc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Tells whether bytes are UTF-8, to the letter. Jackson decodes overlong forms and code
 * points above U+10FFFF, so that what a filter in front has read may differ from what is
 * executed.
 */
final class StrictUtf8 {

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

	private static final long HIGH_BITS = 0x8080808080808080L;

	private StrictUtf8() {
	}

	static boolean isValid(byte[] bytes) {
		int i = 0;
		while (i < bytes.length) {
			if (i + Long.BYTES <= bytes.length && ((long) LONGS.get(bytes, i) & HIGH_BITS) == 0) {
				i += Long.BYTES;
			}
			else if (bytes[i] >= 0) {
				i++;
			}
			else {
				int length = sequenceLength(bytes, i);
				if (length == 0) {
					return false;
				}
				i += length;
			}
		}
		return true;
	}

	/**
	 * Length of the well-formed sequence that starts here with a byte above 0x7F, or 0 if
	 * there is none: table 3-7 of the Unicode standard.
	 */
	private static int sequenceLength(byte[] bytes, int at) {
		int lead = bytes[at] & 0xFF;
		if (lead >= 0xC2 && lead <= 0xDF) {
			return isIn(bytes, at + 1, 0x80, 0xBF) ? 2 : 0;
		}
		if (lead >= 0xE0 && lead <= 0xEF) {
			int from = (lead == 0xE0) ? 0xA0 : 0x80;
			int to = (lead == 0xED) ? 0x9F : 0xBF;
			return (isIn(bytes, at + 1, from, to) && isIn(bytes, at + 2, 0x80, 0xBF)) ? 3 : 0;
		}
		if (lead >= 0xF0 && lead <= 0xF4) {
			int from = (lead == 0xF0) ? 0x90 : 0x80;
			int to = (lead == 0xF4) ? 0x8F : 0xBF;
			return (isIn(bytes, at + 1, from, to) && isIn(bytes, at + 2, 0x80, 0xBF) && isIn(bytes, at + 3, 0x80, 0xBF))
					? 4 : 0;
		}
		return 0;
	}

	private static boolean isIn(byte[] bytes, int at, int from, int to) {
		if (at >= bytes.length) {
			return false;
		}
		int value = bytes[at] & 0xFF;
		return value >= from && value <= to;
	}

}
