package dev.rpcboot.faults.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import tools.jackson.databind.json.JsonMapper;

/**
 * Tells a started process what to do.
 */
final class ControlClient {

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final Duration LONGEST = Duration.ofMinutes(5);

	private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final int port;

	ControlClient(int port) {
		this.port = port;
	}

	<T> T tell(String command, Object argument, Class<T> answer) throws IOException, InterruptedException {
		return read(HTTP.send(request(command, argument), HttpResponse.BodyHandlers.ofString()), answer);
	}

	<T> CompletableFuture<T> begin(String command, Object argument, Class<T> answer) {
		return HTTP.sendAsync(request(command, argument), HttpResponse.BodyHandlers.ofString())
			.thenApply((response) -> read(response, answer));
	}

	private HttpRequest request(String command, Object argument) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + "/" + command))
			.timeout(LONGEST)
			.POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(argument)))
			.build();
	}

	private static <T> T read(HttpResponse<String> response, Class<T> answer) {
		if (response.statusCode() != 200) {
			throw new IllegalStateException(response.uri() + ": " + response.body());
		}
		return JSON.readValue(response.body(), answer);
	}

}
