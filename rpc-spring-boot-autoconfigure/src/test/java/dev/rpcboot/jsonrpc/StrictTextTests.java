package dev.rpcboot.jsonrpc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.Charset;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Currency;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StrictTextTests {

	private static final int HUGE = 1_600_000;

	private final JsonMapper mapper = Samples.MAPPER.mapper();

	@ParameterizedTest
	@ValueSource(classes = { Instant.class, OffsetDateTime.class, ZonedDateTime.class, LocalDateTime.class,
			LocalDate.class, LocalTime.class, Duration.class, Date.class, Calendar.class, java.sql.Date.class,
			java.sql.Timestamp.class })
	void refusesATimeThatIsANumberInQuotes(Class<?> type) {
		for (String number : List.of("0", "1700000000", "-1", "1700000000.5", " 1700000000 ", "+1", "1.", ".5")) {
			assertThatExceptionOfType(JacksonException.class).as(number)
				.isThrownBy(() -> this.mapper.readValue('"' + number + '"', type));
		}
	}

	@ParameterizedTest
	@MethodSource("typesReadFromShortTexts")
	void refusesAHugeTextBeforeParsingIt(Class<?> type) {
		for (String text : List.of("1." + "9".repeat(HUGE), "9".repeat(HUGE), "PT" + "9".repeat(HUGE) + "S",
				"2020-01-01T00:00:00." + "1".repeat(HUGE) + "Z", "(".repeat(HUGE))) {
			String json = '"' + text + '"';

			long start = System.nanoTime();
			assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> this.mapper.readValue(json, type));
			// it takes 10 ms at most; what is parsed took seconds
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
		}
	}

	static Stream<Class<?>> typesReadFromShortTexts() {
		return Stream.of(Instant.class, OffsetDateTime.class, ZonedDateTime.class, OffsetTime.class,
				LocalDateTime.class, LocalDate.class, LocalTime.class, MonthDay.class, Year.class, YearMonth.class,
				ZoneId.class, ZoneOffset.class, Duration.class, Period.class, Date.class, Calendar.class, UUID.class,
				URI.class, Locale.class, Currency.class, TimeZone.class, Charset.class, Pattern.class, int.class,
				long.class, double.class, float.class, short.class, byte.class, boolean.class, Number.class,
				BigDecimal.class, BigInteger.class, AtomicInteger.class, AtomicLong.class, OptionalInt.class,
				OptionalLong.class, OptionalDouble.class, Samples.Colour.class);
	}

	@Test
	void readsTextsThatAreContentHoweverLongTheyAre() {
		String text = "a".repeat(HUGE);

		assertThat(this.mapper.readValue('"' + text + '"', String.class)).isEqualTo(text);
		assertThat(this.mapper.readValue('"' + text + '"', StringBuilder.class)).hasToString(text);
		assertThat(this.mapper.readValue('"' + text + '"', byte[].class)).hasSize(HUGE / 4 * 3);
	}

	@Test
	void readsEveryTimeAsItIsWritten() {
		List<Object> times = List.of(Instant.EPOCH, OffsetDateTime.parse("2020-01-01T00:00:00.123456789+01:00"),
				ZonedDateTime.parse("2020-01-01T00:00:00.123456789-03:00[America/Argentina/ComodRivadavia]"),
				OffsetTime.parse("10:15:30+01:00"), LocalDateTime.parse("2020-01-01T00:00:00"),
				LocalDate.parse("2020-01-01"), LocalTime.parse("10:15"), MonthDay.of(12, 31), YearMonth.of(2020, 1),
				ZoneOffset.ofHours(1), Duration.ofSeconds(-1, 5), Period.of(1, 2, 3), new Date(0), UUID.randomUUID(),
				Year.of(2020), Month.MAY, DayOfWeek.FRIDAY);

		for (Object time : times) {
			String json = this.mapper.writeValueAsString(time);

			assertThat(this.mapper.<Object>readValue(json, this.mapper.constructType(time.getClass()))).as(json)
				.isEqualTo(time);
		}
	}

	@Test
	void readsTheFormThatTheContractAsksFor() {
		Forms forms = new Forms(Instant.ofEpochSecond(7), LocalDate.of(2020, 12, 31));

		String json = this.mapper.writeValueAsString(forms);

		assertThat(json).endsWith("\"day\":\"20201231\"}");
		assertThat(this.mapper.readValue(json, Forms.class)).isEqualTo(forms);
	}

	@Test
	void refusesATextWhereTheContractAsksForANumber() {
		assertThatExceptionOfType(JacksonException.class)
			.isThrownBy(() -> this.mapper.readValue("{\"second\":\"7\"}", Forms.class));
	}

	@Test
	void refusesKeysThatAreExtremeOrNoNumbers() {
		for (Class<?> type : List.of(BigDecimal.class, BigInteger.class, Double.class, Float.class, Long.class,
				Integer.class, Short.class, Byte.class)) {
			for (String key : List.of("1e1000000000", "1e-1000000000", "NaN", "Infinity", "-Infinity", "0x1p3", "1d",
					" 1", "+1", "01", "", "9".repeat(1001))) {
				assertThatExceptionOfType(JacksonException.class).as(type + " " + key)
					.isThrownBy(() -> readKey(type, key));
			}
		}
		assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> readKey(Double.class, "1e400"));
		assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> readKey(Float.class, "1e39"));
		assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> readKey(Date.class, "1700000000"));
		assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> readKey(Instant.class, "1700000000"));
	}

	@Test
	void readsKeysAsTheyAreWritten() {
		for (Object key : List.of(new BigDecimal("1E+3"), new BigDecimal("-12.30"), BigInteger.TEN.pow(30), 1.0E300,
				1.5f, -7L, 7, (short) 7, (byte) -7, Instant.EPOCH, Year.of(2020), UUID.randomUUID(), "NaN",
				Samples.Colour.RED, 'a', true)) {
			JavaType type = this.mapper.getTypeFactory().constructMapType(Map.class, key.getClass(), String.class);

			String json = this.mapper.writeValueAsString(Map.of(key, "x"));

			assertThat(this.mapper.<Object>readValue(json, type)).isEqualTo(Map.of(key, "x"));
		}
	}

	private Object readKey(Class<?> type, String key) {
		return this.mapper.readValue("{\"" + key + "\":1}",
				this.mapper.getTypeFactory().constructMapType(Map.class, type, Integer.class));
	}

	record Forms(@JsonFormat(shape = JsonFormat.Shape.NUMBER) Instant second,
			@JsonFormat(pattern = "yyyyMMdd") LocalDate day) {
	}

}
