package dev.rpcboot.faults.process;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A port of a started process by which it is told what to do. Apart from the
 * application's own server, so that it works whatever happens to that.
 */
public final class ControlServer {

	private static final JsonMapper JSON = JsonMapper.shared();

	private final HttpServer server;

	/**
	 * Opens a port.
	 */
	public ControlServer() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
		this.server.setExecutor(Executors.newCachedThreadPool((work) -> {
			Thread thread = new Thread(work, "control");
			thread.setDaemon(true);
			return thread;
		}));
	}

	/**
	 * Adds a command.
	 * @param argument type of what comes with it
	 * @param command does it, and returns what to answer
	 */
	public <T> ControlServer on(String name, Class<T> argument, Command<T> command) {
		this.server.createContext("/" + name, (exchange) -> {
			try {
				byte[] body = exchange.getRequestBody().readAllBytes();
				answer(exchange, 200, JSON.writeValueAsBytes(command.run(JSON.readValue(body, argument))));
			}
			// whatever the command throws is for the test to read
			catch (Exception ex) {
				answer(exchange, 500, ex.toString().getBytes(StandardCharsets.UTF_8));
			}
		});
		return this;
	}

	/** Takes commands from now on, and says so on the standard output. */
	public void start(int... ports) {
		this.server.start();
		int[] all = new int[ports.length + 1];
		all[0] = this.server.getAddress().getPort();
		System.arraycopy(ports, 0, all, 1, ports.length);
		JavaProcess.ready(all);
	}

	private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
		exchange.sendResponseHeaders(status, body.length);
		try (OutputStream out = exchange.getResponseBody()) {
			out.write(body);
		}
	}

	/**
	 * What is done at a command.
	 */
	@FunctionalInterface
	public interface Command<T> {

		@Nullable Object run(T argument) throws Exception;

	}

}
