package dev.rpcboot.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Plays all vectors, over real sockets.
 */
class ConformanceTests {

	// made once: some are large, and to compress one takes longer than to refuse it
	private static final Map<ConformanceVector, RawHttp.Request> REQUESTS = new LinkedHashMap<>();

	static {
		ConformanceVector.all().forEach((vector) -> REQUESTS.put(vector, vector.request("/rpc/spec")));
	}

	@ParameterizedTest
	@CsvSource({ "SERVLET,HYBRID", "SERVLET,SEMANTIC", "SERVLET,COMPAT", "REACTIVE,HYBRID", "REACTIVE,SEMANTIC",
			"REACTIVE,COMPAT" })
	void answersEveryVectorAsTheProtocolDemands(Stack stack, HttpStatusMode mode) {
		List<String> wrong = new ArrayList<>();

		try (RunningServer server = RunningServer.open(stack, SpecApplication.class,
				"rpc.server.http-status=" + mode.name().toLowerCase())) {
			// the first call loads classes, which a limit of time must not count
			server.call("spec", "{\"jsonrpc\":\"2.0\",\"method\":\"get_data\",\"id\":1}");
			REQUESTS.forEach((vector, request) -> {
				long start = System.nanoTime();
				RawHttp.Answer answer = server.send(request);
				long millis = (System.nanoTime() - start) / 1_000_000;
				ConformanceMatcher.compare(vector, mode, answer, millis)
					.forEach((problem) -> wrong.add(vector + ": " + problem));
			});
		}

		assertThat(REQUESTS).hasSizeGreaterThan(140);
		assertThat(wrong).isEmpty();
	}

}
