package dev.rpcboot.benchmark.run;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.benchmark.plan.Row;
import org.jspecify.annotations.Nullable;

/**
 * Another virtual machine. What it prints goes to a log; lines that begin with
 * {@code benchmark: } are for us.
 */
final class JavaProcess implements AutoCloseable {

	private static final String MARK = "benchmark: ";

	private static final String END = "";

	private final Process process;

	private final Path log;

	private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

	private final Thread hook;

	private JavaProcess(Process process, Path log) {
		this.process = process;
		this.log = log;
		this.hook = new Thread(process::destroyForcibly);
		Runtime.getRuntime().addShutdownHook(this.hook);
		Thread reader = new Thread(this::read);
		reader.setDaemon(true);
		reader.start();
	}

	/**
	 * Starts one.
	 * @param modules where the modules of these benchmarks are
	 * @param side class path and properties
	 * @param arguments the main class, and its arguments
	 */
	static JavaProcess start(Path modules, Row.Side side, Path log, String... arguments) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-Xms512m", "-Xmx512m", "-cp", classPath(modules.resolve(side.module()))));
		side.properties().forEach((property) -> command.add("-D" + property));
		command.addAll(List.of(arguments));
		return new JavaProcess(new ProcessBuilder(command).redirectErrorStream(true).start(), log);
	}

	private static String classPath(Path module) throws IOException {
		return module.resolve("target/classes") + ":" + Files.readString(module.resolve("target/classpath"));
	}

	private void read() {
		try (BufferedReader in = this.process.inputReader(StandardCharsets.UTF_8);
				BufferedWriter out = Files.newBufferedWriter(this.log)) {
			String line;
			while ((line = in.readLine()) != null) {
				out.write(line + "\n");
				out.flush();
				if (line.startsWith(MARK)) {
					this.lines.add(line.substring(MARK.length()));
				}
			}
		}
		catch (IOException ex) {
			// its output is closed under us when we end it
		}
		finally {
			this.lines.add(END);
		}
	}

	/**
	 * The next line for us, or {@code null} if it has ended well.
	 * @throws IllegalStateException if it has failed, or prints nothing for so long
	 */
	@Nullable String next(Duration patience) throws InterruptedException {
		String line = this.lines.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
		if (line == null) {
			throw new IllegalStateException("No sign of life for " + patience + "; see " + this.log);
		}
		if (!line.equals(END)) {
			return line;
		}
		if (this.process.waitFor() != 0) {
			throw new IllegalStateException("It failed; see " + this.log);
		}
		return null;
	}

	/** Ends it, and waits until it has. */
	@Override
	public void close() throws InterruptedException {
		this.process.destroyForcibly();
		this.process.waitFor();
		Runtime.getRuntime().removeShutdownHook(this.hook);
	}

}
