package dev.rpcboot.jsonrpc;

import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.rpcboot.call.RpcHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class CoalescedCodecTests {

	@Test
	void putsCallsIntoOneBatchEachWithItsOwnHeaders() {
		CoalescedCodec codec = new CoalescedCodec(16);

		codec.add(bytes("{\"id\":1}"), RpcHeaders.of("Rpc-Timeout-Ms", "50", "tracestate", "a=\"b\\c\td"));
		codec.add(bytes("{\"id\":2}"), RpcHeaders.EMPTY);

		assertThat(new String(codec.encode(), StandardCharsets.UTF_8))
			.isEqualTo("[{\"id\":1,\"headers\":{\"Rpc-Timeout-Ms\":\"50\",\"tracestate\":\"a=\\\"b\\\\c\\td\"}},"
					+ "{\"id\":2}]");
	}

	@Test
	void cutsAnAnswerIntoItsParts() {
		assertThat(split("[{\"a\":\"]},\\\"{[\",\"b\":[{\"c\":{}}]} , {}\n,{\"d\":\"\\\\\"}]"))
			.containsExactly("{\"a\":\"]},\\\"{[\",\"b\":[{\"c\":{}}]}", "{}", "{\"d\":\"\\\\\"}");
		assertThat(split("[]")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{}", "[", "[{}", "[{]", "[{\"a\":\"}]", "1", "]", "{\"a\":[]}" })
	void cutsNothingElse(String answer) {
		assertThat(CoalescedCodec.split(bytes(answer))).isNull();
	}

	private static List<String> split(String answer) {
		List<byte[]> parts = CoalescedCodec.split(bytes(answer));
		assertThat(parts).isNotNull();
		return parts.stream().map((part) -> new String(part, StandardCharsets.UTF_8)).toList();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
