package dev.rpcboot.server;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.googlecode.jsonrpc4j.JsonRpcClientException;
import com.googlecode.jsonrpc4j.JsonRpcHttpClient;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Clients that others wrote.
 */
@ParameterizedClass
@EnumSource(Stack.class)
@Timeout(60)
class ForeignClientTests {

	private static final String JAYSON = """
			let jayson;
			try { jayson = require('jayson'); } catch (e) { process.exit(42); }
			const client = jayson.Client.http({ host: '127.0.0.1', port: Number(process.argv[1]), path: '/rpc/spec' });
			client.request('subtract', [42, 23], (failure, one) => {
				if (failure) throw failure;
				client.request('subtract', { subtrahend: 23, minuend: 42 }, (failure, two) => {
					if (failure) throw failure;
					client.request('nothing', [], (failure, three) => {
						if (failure) throw failure;
						client.request([client.request('sum', [1, 2, 4], undefined, false),
							client.request('get_data', [], undefined, false)], (failure, four) => {
							if (failure) throw failure;
							client.request('update', [1, 2, 3, 4, 5], null, (failure) => {
								if (failure) throw failure;
								console.log(JSON.stringify([one.result, two.result, three.error.code,
									four.map((answer) => answer.result)]));
							});
						});
					});
				});
			});
			""";

	private static RunningServer server;

	@Parameter
	Stack stack;

	@BeforeParameterizedClassInvocation
	static void start(Stack stack) {
		server = RunningServer.open(stack, SpecApplication.class);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@Test
	void jsonrpc4jCallsByPositionAndByName() throws Throwable {
		JsonRpcHttpClient client = jsonrpc4j();

		assertThat(client.invoke("subtract", new Object[] { 42, 23 }, Integer.class)).isEqualTo(19);
		assertThat(client.invoke("subtract", Map.of("subtrahend", 23, "minuend", 42), Integer.class)).isEqualTo(19);
		assertThat(client.invoke("get_data", new Object[0], List.class)).isEqualTo(List.of("hello", 5));
		client.invoke("update", new Object[] { 1, 2, 3, 4, 5 });
	}

	@ParameterizedTest
	@CsvSource({ "nothing,-32601", "subtract,-32602" })
	void jsonrpc4jReadsTheErrorObject(String method, int code) throws Exception {
		JsonRpcHttpClient client = jsonrpc4j();

		assertThatExceptionOfType(JsonRpcClientException.class)
			.isThrownBy(() -> client.invoke(method, new Object[] { "x" }, Integer.class))
			.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(code));
	}

	/**
	 * What jayson 5.0 sends, recorded: members in another order, and a UUID as the id.
	 */
	@Test
	void answersWhatJaysonSends() {
		RawHttp.Answer single = server.call("spec",
				"{\"method\":\"subtract\",\"jsonrpc\":\"2.0\",\"params\":[42,23],"
						+ "\"id\":\"3d0a8c1e-6b0b-4f53-9a3b-3f6f3a2ad0c9\"}",
				"Content-Type", "application/json; charset=utf-8", "Accept", "application/json");
		RawHttp.Answer notification = server.call("spec",
				"{\"method\":\"update\",\"jsonrpc\":\"2.0\",\"params\":[1,2,3,4,5]}", "Content-Type",
				"application/json; charset=utf-8", "Accept", "application/json");

		assertThat(single.status()).isEqualTo(200);
		assertThat(single.text()).contains("\"id\":\"3d0a8c1e-6b0b-4f53-9a3b-3f6f3a2ad0c9\"").contains("\"result\":19");
		assertThat(notification.status()).isEqualTo(204);
	}

	/**
	 * Runs where node finds jayson, which NODE_PATH may help it to.
	 */
	@Test
	void jaysonCallsByPositionByNameAndInBatches() throws Exception {
		Process node = node();
		assertThat(node.waitFor(30, TimeUnit.SECONDS)).isTrue();
		assumeThat(node.exitValue()).as("jayson is installed").isNotEqualTo(42);

		assertThat(new String(node.getInputStream().readAllBytes())).isEqualTo("[19,19,-32601,[7,[\"hello\",5]]]\n");
	}

	private static Process node() {
		try {
			return new ProcessBuilder("node", "-e", JAYSON, Integer.toString(server.port())).redirectErrorStream(true)
				.start();
		}
		catch (IOException ex) {
			assumeThat(ex).as("node is installed").isNull();
			throw new AssertionError(ex);
		}
	}

	private static JsonRpcHttpClient jsonrpc4j() throws Exception {
		return new JsonRpcHttpClient(new ObjectMapper(),
				URI.create("http://127.0.0.1:" + server.port() + "/rpc/spec").toURL(), Map.of());
	}

}
