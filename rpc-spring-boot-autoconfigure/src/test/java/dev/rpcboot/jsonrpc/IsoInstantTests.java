package dev.rpcboot.jsonrpc;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class IsoInstantTests {

	private final Random random = new Random(42);

	@ParameterizedTest
	@MethodSource("instants")
	void readsWhatTheJdkWrites(Instant instant) {
		assertThat(IsoInstant.parse(instant.toString())).isEqualTo(instant);
	}

	static Stream<Instant> instants() {
		return Stream
			.of("1970-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "0001-12-31T23:59:59.999999999Z",
					"9999-12-31T23:59:59.1Z", "2024-02-29T00:00:00.001Z", "1969-12-31T23:59:59.000001Z")
			.map(Instant::parse);
	}

	@Test
	void readsAnyInstantOfFourDigitsAsTheJdkDoes() {
		long first = Instant.parse("0000-01-01T00:00:00Z").getEpochSecond();
		long last = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
		int[] nanos = { 0, 1, 999_999_999, 120_000_000, 7_000, 123_456_000 };
		for (int i = 0; i < 10_000; i++) {
			Instant instant = Instant.ofEpochSecond(first + (long) (this.random.nextDouble() * (last - first)),
					nanos[this.random.nextInt(nanos.length)]);

			assertThat(IsoInstant.parse(instant.toString())).isEqualTo(instant);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "Z", "2026-11-28T09:30:00", "2026-11-28T09:30Z", "2026-02-29T00:00:00Z",
			"2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-11-28T24:00:00Z",
			"2026-11-28T23:60:00Z", "2026-12-31T23:59:60Z", "2026-11-28T09:30:00.Z", "2026-11-28T09:30:00.1234567890Z",
			"2026-11-28T09:30:00,5Z", "2026-11-28t09:30:00Z", "2026-11-28T09:30:00z", "2026-11-28 09:30:00Z",
			"2026-11-28T09:30:00+01:00", "+12026-11-28T09:30:00Z", "-0001-11-28T09:30:00Z", "2026-11-28T09:30:0xZ",
			"２026-11-28T09:30:00Z", "2026-11-28T-1:30:00Z", "2026-11-28T09:30:00.-1Z", "1764322200" })
	void leavesWhateverElseThereIsToTheJdk(String text) {
		assertThat(IsoInstant.parse(text)).isNull();
	}

	@Test
	void neverReadsATextThatTheJdkRefusesOrReadsDifferently() {
		String characters = "0123456789-:.TZ+ ";
		for (int i = 0; i < 100_000; i++) {
			StringBuilder text = new StringBuilder("2026-11-28T09:30:00.123Z");
			text.setCharAt(this.random.nextInt(text.length()),
					characters.charAt(this.random.nextInt(characters.length())));
			text.setCharAt(this.random.nextInt(text.length()),
					characters.charAt(this.random.nextInt(characters.length())));
			Instant read = IsoInstant.parse(text.toString());

			if (read != null) {
				assertThat(read).as(text.toString()).isEqualTo(byTheJdk(text.toString()));
			}
		}
	}

	private static Instant byTheJdk(String text) {
		try {
			return Instant.parse(text);
		}
		catch (DateTimeException ex) {
			return Instant.MIN;
		}
	}

}
