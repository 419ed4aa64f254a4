package dev.rpcboot.jsonrpc;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class StrictUtf8Tests {

	private static final String FILLING = "0123456789";

	private static byte[] bytes(String hex, int at) {
		byte[] filling = FILLING.substring(0, at).getBytes(StandardCharsets.US_ASCII);
		byte[] sequence = HexFormat.of().parseHex(hex);
		return ByteBuffer.allocate(2 * filling.length + sequence.length)
			.put(filling)
			.put(sequence)
			.put(filling)
			.array();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "00", "7F", "C280", "DFBF", "E0A080", "ED9FBF", "EE8080", "EFBFBF", "F0908080",
			"F48FBFBF", "C3A9E282ACF09F9880" })
	void acceptsWellFormedSequences(String hex) {
		for (int at = 0; at < FILLING.length(); at++) {
			assertThat(StrictUtf8.isValid(bytes(hex, at))).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "80", "BF", "C0AF", "C1BF", "C2", "C27F", "C2C0", "E08080", "E09FBF", "E282", "E2827F",
			"EDA080", "EDBFBF", "F0808080", "F08FBFBF", "F09F98", "F09F987F", "F4908080", "F5808080", "FE", "FF" })
	void refusesMalformedSequences(String hex) {
		for (int at = 0; at < FILLING.length(); at++) {
			assertThat(StrictUtf8.isValid(bytes(hex, at))).isFalse();
		}
	}

	@Test
	void agreesWithTheDecoderOfTheJdk() {
		SplittableRandom random = new SplittableRandom(20261122);
		int[] interesting = { 0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED,
				0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF };
		for (int i = 0; i < 200_000; i++) {
			byte[] bytes = new byte[random.nextInt(12)];
			for (int j = 0; j < bytes.length; j++) {
				bytes[j] = (byte) interesting[random.nextInt(interesting.length)];
			}

			assertThat(StrictUtf8.isValid(bytes)).as(HexFormat.of().formatHex(bytes)).isEqualTo(isDecodable(bytes));
		}
	}

	private static boolean isDecodable(byte[] bytes) {
		try {
			StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
			return true;
		}
		catch (CharacterCodingException ex) {
			return false;
		}
	}

}
