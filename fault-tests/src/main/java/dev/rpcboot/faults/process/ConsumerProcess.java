package dev.rpcboot.faults.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import dev.rpcboot.faults.consumer.Consumer;
import dev.rpcboot.faults.consumer.LoadPlan;
import dev.rpcboot.faults.consumer.LoadReport;
import dev.rpcboot.faults.consumer.Registry;

/**
 * A consumer in a process of its own, that calls as it is told. Safe for concurrent use.
 */
public final class ConsumerProcess implements AutoCloseable {

	private final JavaProcess process;

	private ConsumerProcess(JavaProcess process) {
		this.process = process;
	}

	/**
	 * Starts one, without waiting for it.
	 * @param directory gets its log
	 * @param flags of its virtual machine
	 */
	public static ConsumerProcess start(Path directory, List<String> flags) throws IOException {
		return new ConsumerProcess(
				JavaProcess.start(Consumer.class, flags, List.of(), directory.resolve("consumer.out")));
	}

	/**
	 * Starts its application anew, which forgets what it has learned.
	 * @param properties of the application, as {@code name=value}
	 */
	public void restart(Registry registry, List<String> properties) throws IOException, InterruptedException {
		Map<String, String> map = new TreeMap<>();
		properties.forEach((property) -> map.put(property.substring(0, property.indexOf('=')),
				property.substring(property.indexOf('=') + 1)));
		ControlClient control = control();
		long since = System.nanoTime();
		control.tell("start", Map.of("properties", map), Boolean.class);
		StartTime.add(since);
		set(registry);
	}

	/**
	 * Changes what its registry answers.
	 */
	public void set(Registry registry) throws IOException, InterruptedException {
		control().tell("registry", registry, Boolean.class);
	}

	/** How often its registry was asked. */
	public long registryAsked() throws IOException, InterruptedException {
		return control().tell("asked", "", Long.class);
	}

	/**
	 * Makes the calls of the plan.
	 */
	public LoadReport run(LoadPlan plan) throws IOException, InterruptedException {
		return control().tell("load", plan, LoadReport.class);
	}

	/**
	 * Begins to make the calls of the plan.
	 */
	public CompletableFuture<LoadReport> begin(LoadPlan plan) {
		return control().begin("load", plan, LoadReport.class);
	}

	/**
	 * Begins to measure after what time timers of its process go off that have nothing to
	 * do with calls.
	 */
	public CompletableFuture<LoadReport.Latency> beginBareTimer(long millis, int count) {
		return control().begin("timer", Map.of("millis", millis, "count", count), LoadReport.Latency.class);
	}

	/** All that it has printed. */
	public String logged() {
		return this.process.logged();
	}

	private ControlClient control() {
		return new ControlClient(this.process.ports().get(0));
	}

	@Override
	public void close() {
		this.process.close();
	}

}
