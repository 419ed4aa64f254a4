package dev.rpcboot.jsonrpc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.rpcboot.jsonrpc.EventReader.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class EventReaderTests {

	private static final String STREAM = "data: {\"a\":\ndata:1}\n\n: a comment\nid: 7\nretry: 5\nother\ndata\n\n"
			+ "event: end\ndata: J\u00fcrgen \u20ac\n\n";

	private static final List<String> EVENTS = List.of(" {\"a\":\n1}".strip(), "", "end|J\u00fcrgen \u20ac");

	@ParameterizedTest
	@ValueSource(strings = { "\n", "\r\n", "\r" })
	void readsTheSameEventsWhateverEndsALineAndWhereverItIsCut(String lineEnd) throws Exception {
		byte[] stream = STREAM.replace("\n", lineEnd).getBytes(StandardCharsets.UTF_8);

		for (int cut = 0; cut <= stream.length; cut++) {
			EventReader reader = new EventReader(1000);

			List<String> events = new ArrayList<>();
			events.addAll(feed(reader, Arrays.copyOfRange(stream, 0, cut)));
			events.addAll(feed(reader, Arrays.copyOfRange(stream, cut, stream.length)));

			assertThat(events).as("cut at %d", cut).isEqualTo(EVENTS);
		}
	}

	@Test
	void readsEventsByteByByte() throws Exception {
		EventReader reader = new EventReader(1000);

		List<String> events = new ArrayList<>();
		for (byte single : STREAM.getBytes(StandardCharsets.UTF_8)) {
			events.addAll(feed(reader, new byte[] { single }));
		}

		assertThat(events).isEqualTo(EVENTS);
	}

	@Test
	void givesAnEventAtItsLastByte() throws Exception {
		EventReader reader = new EventReader(1000);

		assertThat(feed(reader, "data: 1\n")).isEmpty();
		assertThat(feed(reader, "\n")).containsExactly("1");
		assertThat(feed(reader, "data: 2\r\n\r")).containsExactly("2");
		assertThat(feed(reader, "\ndata: 3\r\r")).containsExactly("3");
	}

	@Test
	void passesOverAByteOrderMarkAtTheBeginningAlone() throws Exception {
		assertThat(feed(new EventReader(1000), "\uFEFFdata: 1\n\n")).containsExactly("1");
		assertThat(feed(new EventReader(1000), "\n\uFEFFdata: 1\n\n")).isEmpty();
	}

	@Test
	void takesOneSpaceFromTheBeginningOfAValue() throws Exception {
		assertThat(feed(new EventReader(1000), "data:  1 \n\n")).containsExactly(" 1 ");
	}

	@Test
	void keepsNoTypeForTheNextEvent() throws Exception {
		assertThat(feed(new EventReader(1000), "event: end\ndata: 1\n\ndata: 2\n\n")).containsExactly("end|1", "2");
	}

	@Test
	void givesAnEventThatHasATypeAlone() throws Exception {
		assertThat(feed(new EventReader(1000), "event: end\n\n")).containsExactly("end|");
	}

	@Test
	void doesNotGiveAnEventThatWasCutOff() throws Exception {
		assertThat(feed(new EventReader(1000), "event: end\ndata: 1\n")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "data: 1234567890123456789\n", "data: 1234567890123456789",
			"data: 12345678\ndata: 12345678\n", "other: 12345678901234567\n", "event: 12345678901234567\n" })
	void refusesAnEventAboveTheLimit(String stream) {
		assertThatExceptionOfType(AnswerTooLargeException.class).isThrownBy(() -> feed(new EventReader(20), stream));
		assertThatNoException().isThrownBy(() -> feed(new EventReader(40), stream));
	}

	@Test
	void countsEveryEventForItself() throws Exception {
		EventReader reader = new EventReader(20);

		for (int i = 0; i < 100; i++) {
			assertThat(feed(reader, ": comment\ndata: 1234567890\n\n")).hasSize(1);
		}
	}

	private static List<String> feed(EventReader reader, String piece) throws AnswerTooLargeException {
		return feed(reader, piece.getBytes(StandardCharsets.UTF_8));
	}

	private static List<String> feed(EventReader reader, byte[] piece) throws AnswerTooLargeException {
		List<String> events = new ArrayList<>();
		reader.feed(piece);
		for (Event event = reader.next(); event != null; event = reader.next()) {
			String data = new String(event.data(), StandardCharsets.UTF_8);
			events.add(event.type().isEmpty() ? data : event.type() + "|" + data);
		}
		return events;
	}

}
