package dev.rpcboot.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Heads and bodies that are almost right: whatever comes, there is an answer, it is
 * strict JSON of a status below 500, and it says nothing of the server's inside.
 */
class MutationTests {

	private static final int IN_PROCESS = 100_000;

	private static final int OVER_SOCKETS = 3_000;

	private static final String[] SPLINTERS = { "\"", "\\", "\\u", "\\ud800", "{", "}", "[", "]", ",", ":", "null",
			"true", "-", ".", "e", "E9", "1e999999999", "-0", "0.1", "00", "9".repeat(40), "\"id\":", "\"params\":",
			"\"method\":\"subtract\"", "\"jsonrpc\":\"2.0\"", "\"id\":null", "\"id\":[1]", "\u0000", "\u00e9",
			"\ud83d\ude00", "\t", "[[[[[[[[", "{\"a\":", "rpc.", "class" };

	private static final List<RequestHead.Header> HEAD = List.of(new RequestHead.Header("Host", "127.0.0.1:8080"),
			new RequestHead.Header("Content-Type", "application/json; charset=utf-8"),
			new RequestHead.Header("Content-Length", "58"), new RequestHead.Header("Content-Encoding", "identity"),
			new RequestHead.Header("Origin", "https://shop.example"),
			new RequestHead.Header("Sec-Fetch-Site", "same-origin"), new RequestHead.Header("Rpc-Timeout-Ms", "5000"));

	private static final String[] HEAD_SPLINTERS = { "", ";", ";;", ";charset", "charset=", "=", ",", ":", "]", "[::1]",
			" ", "\t", "\"", "/", "%00", "-1", "+1", "0", "9".repeat(30), "\u0000", "\u0130", "\u00e9", "\ud83d" };

	private final long seed = Long.getLong("rpc.test.seed", System.nanoTime());

	private final SplittableRandom random = new SplittableRandom(this.seed);

	private final List<byte[]> bodies = ConformanceVector.all()
		.stream()
		.filter((vector) -> !vector.get("gzip").asBoolean(false))
		.map(ConformanceVector::body)
		.filter((body) -> body.length > 0 && body.length < 4_096)
		.toList();

	@Test
	@Timeout(120)
	void answersMutatedBodies() throws Exception {
		try (RunningServer server = RunningServer.open(Stack.SERVLET, SpecApplication.class)) {
			RpcDispatcher dispatcher = server.bean(RpcDispatcher.class);
			Admission admission = dispatcher.admit(new RequestHead("POST", "/rpc/spec",
					List.of(new RequestHead.Header("Content-Type", "application/json"))));
			int executed = 0;

			for (int i = 0; i < IN_PROCESS; i++) {
				byte[] body = mutate();
				HttpAnswer answer = dispatcher.dispatch((Admission.Admitted) admission, body, null, null)
					.toCompletableFuture()
					.get(10, TimeUnit.SECONDS);
				check(body, answer.status(), answer.body());
				executed += (answer.status() == 200) ? 1 : 0;
			}

			// else the mutations would be so wild that they only test the first check
			assertThat(executed).isBetween(IN_PROCESS / 20, IN_PROCESS * 19 / 20);
		}
	}

	@Test
	@Timeout(60)
	void judgesMutatedHeads() {
		try (RunningServer server = RunningServer.open(Stack.SERVLET, SpecApplication.class,
				"rpc.server.allowed-hosts=127.0.0.1", "rpc.server.allowed-origins=https://shop.example")) {
			RpcDispatcher dispatcher = server.bean(RpcDispatcher.class);
			int admitted = 0;

			for (int i = 0; i < IN_PROCESS; i++) {
				RequestHead head = mutateHead();
				try {
					Admission admission = dispatcher.admit(head);
					admitted += (admission instanceof Admission.Admitted) ? 1 : 0;
					if (admission instanceof Admission.Refused refused) {
						assertThat(refused.answer().status()).isIn(400, 403, 404, 405, 413, 415, 504);
					}
				}
				catch (RuntimeException ex) {
					throw new AssertionError("seed " + this.seed + ", " + head, ex);
				}
			}

			assertThat(admitted).isBetween(IN_PROCESS / 50, IN_PROCESS * 19 / 20);
		}
	}

	private RequestHead mutateHead() {
		List<RequestHead.Header> headers = new ArrayList<>(HEAD);
		String path = "/rpc/spec";
		for (int i = 1 + this.random.nextInt(2); i > 0; i--) {
			int changed = this.random.nextInt(headers.size() + 1);
			if (changed == headers.size()) {
				path = mutate(path);
			}
			else {
				RequestHead.Header header = headers.get(changed);
				headers.set(changed, new RequestHead.Header(header.name(), mutate(header.value())));
			}
		}
		return new RequestHead("POST", path, headers);
	}

	private String mutate(String value) {
		String splinter = HEAD_SPLINTERS[this.random.nextInt(HEAD_SPLINTERS.length)];
		int at = this.random.nextInt(value.length() + 1);
		return switch (this.random.nextInt(4)) {
			case 0 -> splinter;
			case 1 -> value.substring(0, at) + splinter + value.substring(at);
			case 2 -> value.substring(0, at);
			default -> value.substring(at);
		};
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	@Timeout(60)
	void answersMutatedBodiesOverSockets(Stack stack) {
		try (RunningServer server = RunningServer.open(stack, SpecApplication.class)) {
			for (int i = 0; i < OVER_SOCKETS; i++) {
				byte[] body = mutate();
				RawHttp.Request call = RawHttp.Request.call("/rpc/spec", "");
				RawHttp.Answer answer = server
					.send(new RawHttp.Request(call.method(), call.path(), call.headers(), body));
				check(body, answer.status(), answer.body());
			}
		}
	}

	private void check(byte[] body, int status, byte[] answer) {
		String description = "seed " + this.seed + ", body " + new String(body, StandardCharsets.ISO_8859_1)
				+ ", answer " + new String(answer, StandardCharsets.UTF_8);
		assertThat(status).as(description).isIn(200, 204, 400, 413);
		if (status == 204) {
			assertThat(answer).as(description).isEmpty();
			return;
		}
		try {
			ConformanceMatcher.checkStrict(answer);
		}
		catch (Exception ex) {
			throw new AssertionError(description, ex);
		}
		// an id comes back as it was sent, whatever it says
		if (!ConformanceMatcher.LEAK.matcher(new String(body, StandardCharsets.UTF_8)).find()) {
			assertThat(ConformanceMatcher.LEAK.matcher(new String(answer, StandardCharsets.UTF_8)).find())
				.as(description)
				.isFalse();
		}
	}

	private byte[] mutate() {
		byte[] body = any(this.bodies).clone();
		for (int i = 1 + this.random.nextInt(3); i > 0; i--) {
			body = switch (this.random.nextInt(7)) {
				case 0 -> flip(body);
				case 1 -> replace(body, this.random.nextInt(1 + body.length), 0, splinter());
				case 2 -> replace(body, this.random.nextInt(1 + body.length), this.random.nextInt(8), splinter());
				case 3 -> replace(body, this.random.nextInt(1 + body.length), this.random.nextInt(16), new byte[0]);
				case 4 -> splice(body, any(this.bodies));
				case 5 -> digits(body);
				default -> concatenate("[".getBytes(StandardCharsets.UTF_8), body,
						(this.random.nextBoolean() ? "]" : ",1]").getBytes(StandardCharsets.UTF_8));
			};
		}
		return body;
	}

	private byte[] flip(byte[] body) {
		byte[] changed = body.clone();
		if (changed.length > 0) {
			changed[this.random.nextInt(changed.length)] ^= (byte) (1 << this.random.nextInt(8));
		}
		return changed;
	}

	/**
	 * Another number in place of a digit.
	 */
	private byte[] digits(byte[] body) {
		List<Integer> digits = new ArrayList<>();
		for (int i = 0; i < body.length; i++) {
			if (body[i] >= '0' && body[i] <= '9') {
				digits.add(i);
			}
		}
		String number = switch (this.random.nextInt(4)) {
			case 0 -> Long.toString(this.random.nextLong());
			case 1 -> Double.toString(this.random.nextDouble());
			case 2 -> Integer.toString(this.random.nextInt(100));
			default -> this.random.nextInt() + "e" + this.random.nextInt(-2000, 2000);
		};
		return digits.isEmpty() ? body : replace(body, any(digits), 1, number.getBytes(StandardCharsets.UTF_8));
	}

	private byte[] splice(byte[] head, byte[] tail) {
		byte[] start = replace(head, this.random.nextInt(1 + head.length), head.length, new byte[0]);
		return concatenate(start, replace(tail, 0, this.random.nextInt(1 + tail.length), new byte[0]), new byte[0]);
	}

	private byte[] splinter() {
		return SPLINTERS[this.random.nextInt(SPLINTERS.length)].getBytes(StandardCharsets.UTF_8);
	}

	private <T> T any(List<T> list) {
		return list.get(this.random.nextInt(list.size()));
	}

	private static byte[] replace(byte[] body, int from, int length, byte[] replacement) {
		int to = Math.min(body.length, from + length);
		return concatenate(Arrays.copyOf(body, from), replacement, Arrays.copyOfRange(body, to, body.length));
	}

	private static byte[] concatenate(byte[] one, byte[] two, byte[] three) {
		byte[] all = new byte[one.length + two.length + three.length];
		System.arraycopy(one, 0, all, 0, one.length);
		System.arraycopy(two, 0, all, one.length, two.length);
		System.arraycopy(three, 0, all, one.length + two.length, three.length);
		return all;
	}

}
