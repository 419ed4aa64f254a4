package dev.rpcboot.compression;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import com.github.luben.zstd.Zstd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ContentCodingTests {

	private static final byte[] PLAIN = "{\"sku\":\"A-1\",\"left\":5}".repeat(500).getBytes(StandardCharsets.UTF_8);

	static Stream<ContentCoding> codings() {
		return Stream.of(new GzipCoding(), new ZstdCoding());
	}

	@ParameterizedTest
	@MethodSource("codings")
	void decodesWhatItEncoded(ContentCoding coding) throws Exception {
		byte[] noise = new byte[300_000];
		new Random(1).nextBytes(noise);

		for (byte[] plain : new byte[][] { PLAIN, noise, new byte[0], new byte[1] }) {
			assertThat(coding.decode(coding.encode(plain), plain.length)).isEqualTo(plain);
		}
		assertThat(coding.encode(PLAIN)).hasSizeLessThan(PLAIN.length / 10);
	}

	@ParameterizedTest
	@MethodSource("codings")
	void stopsAtTheLimit(ContentCoding coding) {
		byte[] bomb = coding.encode(new byte[64 * 1024 * 1024]);

		assertThatExceptionOfType(ContentTooLargeException.class).isThrownBy(() -> coding.decode(bomb, 100_000));
		assertThatExceptionOfType(ContentTooLargeException.class)
			.isThrownBy(() -> coding.decode(coding.encode(PLAIN), PLAIN.length - 1));
	}

	@ParameterizedTest
	@MethodSource("codings")
	void refusesWhatIsCutShortAnywhere(ContentCoding coding) {
		byte[] coded = coding.encode(PLAIN);

		for (int length = 0; length < coded.length; length++) {
			byte[] part = Arrays.copyOf(coded, length);
			assertThatExceptionOfType(MalformedContentException.class).as("%d bytes", length)
				.isThrownBy(() -> coding.decode(part, 1_000_000));
		}
	}

	@ParameterizedTest
	@MethodSource("codings")
	void refusesWhatStandsBehindTheEnd(ContentCoding coding) {
		byte[] coded = coding.encode(PLAIN);

		for (int more : new int[] { 1, 2, 3, 4, 8, 100 }) {
			assertThatExceptionOfType(MalformedContentException.class).as("%d bytes", more)
				.isThrownBy(() -> coding.decode(Arrays.copyOf(coded, coded.length + more), 1_000_000));
		}
	}

	@ParameterizedTest
	@MethodSource("codings")
	void refusesGarbageAndNeverThrowsAnythingElse(ContentCoding coding) {
		Random random = new Random(1);
		byte[] coded = coding.encode(PLAIN);

		for (int i = 0; i < 2000; i++) {
			byte[] changed = coded.clone();
			changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
			try {
				coding.decode(changed, 100_000);
			}
			catch (MalformedContentException | ContentTooLargeException ex) {
				assertThat(ex).hasMessageNotContaining("null");
			}
		}
		assertThatExceptionOfType(MalformedContentException.class).isThrownBy(() -> coding.decode(PLAIN, 100_000));
	}

	@ParameterizedTest
	@MethodSource("codings")
	void readsSeveralPartsInARowAsTheFormatAllows(ContentCoding coding) throws Exception {
		byte[] twice = concat(coding.encode(PLAIN), coding.encode(PLAIN));

		assertThat(coding.decode(twice, 2L * PLAIN.length)).isEqualTo(concat(PLAIN, PLAIN));
		assertThatExceptionOfType(ContentTooLargeException.class)
			.isThrownBy(() -> coding.decode(twice, 2L * PLAIN.length - 1));
	}

	@Test
	void writesGzipThatOthersRead() throws IOException {
		byte[] coded = new GzipCoding().encode(PLAIN);

		assertThat(new GZIPInputStream(new ByteArrayInputStream(coded)).readAllBytes()).isEqualTo(PLAIN);
	}

	@Test
	void readsGzipWithEveryOptionalHeader() throws Exception {
		byte[] coded = new GzipCoding().encode(PLAIN);
		byte[] head = HexFormat.of().parseHex("1f8b081e000000000003" + "0300616263" + "6e616d6500" + "6300" + "1234");

		byte[] withHeaders = concat(head, Arrays.copyOfRange(coded, 10, coded.length));

		assertThat(new GzipCoding().decode(withHeaders, PLAIN.length)).isEqualTo(PLAIN);
	}

	@Test
	void takesNoMemoryForWhatAGzipTrailerClaims() {
		byte[] coded = new GzipCoding().encode(PLAIN);
		ByteBuffer.wrap(coded).order(ByteOrder.LITTLE_ENDIAN).putInt(coded.length - 4, Integer.MAX_VALUE);

		assertThatExceptionOfType(MalformedContentException.class)
			.isThrownBy(() -> new GzipCoding().decode(coded, Integer.MAX_VALUE))
			.withMessageContaining("length");
	}

	// a frame of one empty block; the second byte behind the magic number is the window
	@ParameterizedTest
	@ValueSource(strings = { "28b52ffd00a8010000", "28b52ffd0070010000", "28b52ffd00ff010000" })
	void refusesAZstdWindowAboveEightMegabytes(String frame) {
		assertThatExceptionOfType(MalformedContentException.class)
			.isThrownBy(() -> new ZstdCoding().decode(HexFormat.of().parseHex(frame), 1_000_000));
	}

	@Test
	void readsAZstdWindowOfEightMegabytes() throws Exception {
		assertThat(new ZstdCoding().decode(HexFormat.of().parseHex("28b52ffd0068010000"), 1_000_000)).isEmpty();
	}

	@Test
	void takesNoMemoryForWhatAZstdFrameClaims() {
		// a single segment of 2^40 bytes, in one empty block
		byte[] claim = HexFormat.of().parseHex("28b52ffde0" + "0000000000010000" + "010000");

		assertThatExceptionOfType(MalformedContentException.class)
			.isThrownBy(() -> new ZstdCoding().decode(claim, Integer.MAX_VALUE));
	}

	// of version 0.5, which the library still reads
	@ParameterizedTest
	@ValueSource(strings = { "25b52ffd00580000", "28b52ffd005801000025b52ffd00580000" })
	void refusesZstdFramesFromBeforeTheStandard(String frames) {
		assertThatExceptionOfType(MalformedContentException.class)
			.isThrownBy(() -> new ZstdCoding().decode(HexFormat.of().parseHex(frames), 1_000_000))
			.withMessageContaining("no frame begins");
	}

	@Test
	void skipsZstdFramesThatAreToBeSkipped() throws Exception {
		byte[] skippable = HexFormat.of().parseHex("502a4d1801000000aa");

		assertThat(new ZstdCoding().decode(concat(skippable, new ZstdCoding().encode(PLAIN)), PLAIN.length))
			.isEqualTo(PLAIN);
	}

	@Test
	void readsZstdWithoutASizeAndOfAnyLevel() throws Exception {
		ByteArrayOutputStream coded = new ByteArrayOutputStream();
		try (var out = new com.github.luben.zstd.ZstdOutputStream(coded, 19)) {
			out.write(PLAIN);
		}

		assertThat(new ZstdCoding().decode(coded.toByteArray(), PLAIN.length)).isEqualTo(PLAIN);
		assertThat(Zstd.decompress(new ZstdCoding().encode(PLAIN), PLAIN.length)).isEqualTo(PLAIN);
	}

	private static byte[] concat(byte[] one, byte[] two) {
		byte[] both = Arrays.copyOf(one, one.length + two.length);
		System.arraycopy(two, 0, both, one.length, two.length);
		return both;
	}

}
