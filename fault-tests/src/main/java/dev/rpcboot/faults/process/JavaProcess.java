package dev.rpcboot.faults.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A Java application in a process of its own, on the class path of this one. It says on
 * its standard output when it is ready, and on which ports.
 */
final class JavaProcess implements AutoCloseable {

	private static final String READY = "READY ";

	// by which the virtual machine says that there will be no such line
	private static final String FAILED = "Exception in thread \"main\"";

	private static final Duration START = Duration.ofSeconds(60);

	private final Process process;

	private final Path log;

	private final CompletableFuture<List<Integer>> ports = new CompletableFuture<>();

	private JavaProcess(Process process, Path log) {
		this.process = process;
		this.log = log;
		Thread reader = new Thread(this::read, "output of " + process.pid());
		reader.setDaemon(true);
		reader.start();
	}

	/**
	 * Starts one, without waiting for it.
	 * @param log gets all that it prints
	 */
	static JavaProcess start(Class<?> application, List<String> flags, List<String> arguments, Path log)
			throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto"));
		command.addAll(flags);
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), application.getName()));
		command.addAll(arguments);
		Files.createDirectories(log.toAbsolutePath().getParent());
		return new JavaProcess(new ProcessBuilder(command).redirectErrorStream(true).start(), log);
	}

	/** Says that this process is ready; for the started application. */
	static void ready(int... ports) {
		StringBuilder line = new StringBuilder(READY);
		for (int port : ports) {
			line.append(port).append(' ');
		}
		System.out.println(line);
		Thread watch = new Thread(JavaProcess::endWithParent, "parent");
		watch.setDaemon(true);
		watch.start();
	}

	private static void endWithParent() {
		try {
			System.in.transferTo(OutputStream.nullOutputStream());
		}
		catch (IOException ex) {
			// as good as its end
		}
		Runtime.getRuntime().halt(1);
	}

	private void read() {
		try (BufferedReader output = new BufferedReader(
				new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8));
				PrintStream log = new PrintStream(this.log.toFile())) {
			String line;
			while ((line = output.readLine()) != null) {
				log.println(line);
				if (line.startsWith(FAILED)) {
					this.ports.completeExceptionally(new IllegalStateException(line));
				}
				if (line.startsWith(READY)) {
					this.ports.complete(List.of(line.substring(READY.length()).strip().split(" "))
						.stream()
						.map(Integer::valueOf)
						.toList());
				}
			}
		}
		catch (IOException ex) {
			// it was killed
		}
		this.ports.completeExceptionally(new IllegalStateException("It ended before it was ready: " + this.log));
	}

	/** Ports that it has said, once it is ready. */
	List<Integer> ports() {
		long since = this.ports.isDone() ? 0 : System.nanoTime();
		try {
			List<Integer> ports = this.ports.get(START.toSeconds(), TimeUnit.SECONDS);
			if (since != 0) {
				StartTime.add(since);
			}
			return ports;
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new IllegalStateException("Not ready: " + logged(), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted", ex);
		}
	}

	/** All that it has printed. */
	String logged() {
		try {
			return Files.readString(this.log, StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	long pid() {
		return this.process.pid();
	}

	/**
	 * Sends it a signal, without waiting for what comes of it.
	 */
	void signal(Signal signal) {
		try {
			new ProcessBuilder("kill", "-" + signal, Long.toString(this.process.pid())).inheritIO().start().waitFor();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Whether it has ended within the time.
	 */
	boolean awaitEnd(Duration time) throws InterruptedException {
		return this.process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
