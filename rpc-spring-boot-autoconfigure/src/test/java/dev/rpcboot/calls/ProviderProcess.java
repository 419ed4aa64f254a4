package dev.rpcboot.calls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.awaitility.Awaitility.await;

/**
 * A provider in a process of its own, which can be killed.
 */
final class ProviderProcess implements AutoCloseable {

	private final Process process;

	private final Path portFile;

	private ProviderProcess(Process process, Path portFile) {
		this.process = process;
		this.portFile = portFile;
	}

	static ProviderProcess start(Path directory, String stack) throws IOException {
		return start(directory, stack, WarehouseProvider.class, "256m");
	}

	/**
	 * Starts an application.
	 * @param heap most memory for its objects
	 */
	static ProviderProcess start(Path directory, String stack, Class<?> application, String heap) throws IOException {
		Path portFile = directory.resolve("port");
		Process process = new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx" + heap, "-cp", System.getProperty("java.class.path"), ProviderProcess.class.getName(),
				"--application=" + application.getName(), "--server.port=0", "--server.address=127.0.0.1",
				"--spring.main.web-application-type=" + stack, "--port-file=" + portFile,
				"--spring.autoconfigure.exclude=" + Applications.WITHOUT_SECURITY))
			.redirectErrorStream(true)
			.redirectOutput(directory.resolve("provider.log").toFile())
			.start();
		ProviderProcess provider = new ProviderProcess(process, portFile);
		await().atMost(Duration.ofSeconds(120)).until(() -> Files.exists(portFile) || !process.isAlive());
		if (!process.isAlive()) {
			throw new IllegalStateException(Files.readString(directory.resolve("provider.log")));
		}
		return provider;
	}

	String url() throws IOException {
		return "http://127.0.0.1:" + Files.readString(this.portFile);
	}

	/** Ends it at once, as a machine that fails does. */
	void kill() throws InterruptedException {
		this.process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
	}

	@Override
	public void close() throws InterruptedException {
		kill();
	}

	public static void main(String[] arguments) throws ClassNotFoundException {
		Class<?> application = Class.forName(arguments[0].substring("--application=".length()));
		ConfigurableApplicationContext context = SpringApplication.run(application, arguments);
		int port = ((WebServerApplicationContext) context).getWebServer().getPort();
		Path portFile = Path.of(context.getEnvironment().getRequiredProperty("port-file"));
		try {
			Path unfinished = portFile.resolveSibling("port.tmp");
			Files.writeString(unfinished, Integer.toString(port));
			Files.move(unfinished, portFile);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
