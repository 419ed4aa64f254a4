package dev.rpcboot.server;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Plays all vectors, over real sockets.
 */
class ConformanceTests {

	@ParameterizedTest
	@CsvSource({ "SERVLET,HYBRID", "SERVLET,SEMANTIC", "SERVLET,COMPAT", "REACTIVE,HYBRID", "REACTIVE,SEMANTIC",
			"REACTIVE,COMPAT" })
	void answersEveryVectorAsTheProtocolDemands(Stack stack, HttpStatusMode mode) {
		List<ConformanceVector> vectors = ConformanceVector.all();
		List<String> wrong = new ArrayList<>();

		try (RunningServer server = RunningServer.open(stack, SpecApplication.class,
				"rpc.server.http-status=" + mode.name().toLowerCase())) {
			// the first call loads classes, which a limit of time must not count
			server.call("spec", "{\"jsonrpc\":\"2.0\",\"method\":\"get_data\",\"id\":1}");
			for (ConformanceVector vector : vectors) {
				RawHttp.Request request = vector.request("/rpc/spec");
				long start = System.nanoTime();
				RawHttp.Answer answer = server.send(request);
				long millis = (System.nanoTime() - start) / 1_000_000;
				ConformanceMatcher.compare(vector, mode, answer, millis)
					.forEach((problem) -> wrong.add(vector + ": " + problem));
			}
		}

		assertThat(vectors).hasSizeGreaterThan(140);
		assertThat(wrong).isEmpty();
	}

}
