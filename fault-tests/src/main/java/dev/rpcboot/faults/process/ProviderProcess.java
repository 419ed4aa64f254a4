package dev.rpcboot.faults.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.rpcboot.faults.provider.Conditions;
import dev.rpcboot.faults.provider.Ledger;
import dev.rpcboot.faults.provider.ProviderApplication;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;

/**
 * A provider in a process of its own, that can be killed, ended, held up, and told how to
 * fare. Not for concurrent use, but for signals.
 */
public final class ProviderProcess implements AutoCloseable {

	private final String name;

	private final JavaProcess process;

	private final Path ledger;

	private @Nullable ControlClient control;

	private ProviderProcess(String name, JavaProcess process, Path ledger) {
		this.name = name;
		this.process = process;
		this.ledger = ledger;
	}

	/**
	 * Starts one, without waiting for it.
	 * @param directory gets its ledger and its log
	 * @param flags of its virtual machine
	 * @param properties of the application, as {@code name=value}
	 */
	public static ProviderProcess start(Path directory, String name, WebStack stack, List<String> flags,
			List<String> properties) throws IOException {
		Files.createDirectories(directory);
		Path ledger = directory.resolve(name + ".ledger");
		List<String> arguments = new ArrayList<>(List.of("--server.port=0", "--server.address=127.0.0.1",
				"--spring.main.banner-mode=off", "--spring.main.web-application-type=" + stack.applicationType(),
				"--faults.name=" + name, "--faults.ledger=" + ledger));
		if (properties.stream().noneMatch((property) -> property.startsWith("spring.datasource.url="))) {
			arguments.add("--spring.autoconfigure.exclude=" + DataSourceAutoConfiguration.class.getName());
		}
		properties.forEach((property) -> arguments.add("--" + property));
		return new ProviderProcess(name,
				JavaProcess.start(ProviderApplication.class, flags, arguments, directory.resolve(name + ".out")),
				ledger);
	}

	/** By what name it answers. */
	public String name() {
		return this.name;
	}

	/** Its port for calls; waits until it is ready. */
	public int port() {
		return this.process.ports().get(1);
	}

	/**
	 * Changes how it fares.
	 */
	public void setConditions(Conditions conditions) throws IOException, InterruptedException {
		control().tell("conditions", conditions, Boolean.class);
	}

	/** Bytes in use after a collection. */
	public long heapInUse() throws IOException, InterruptedException {
		return control().tell("heap", "", Long.class);
	}

	/** All calls that entered a method, whether it runs or is gone. */
	public List<Ledger.Entry> ledger() throws IOException {
		return Ledger.read(this.ledger);
	}

	/** All that it has printed. */
	public String logged() {
		return this.process.logged();
	}

	/**
	 * Sends it a signal, without waiting for what comes of it.
	 */
	public void signal(Signal signal) {
		this.process.signal(signal);
	}

	public boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Whether it has ended within the time.
	 */
	public boolean awaitEnd(Duration time) throws InterruptedException {
		return this.process.awaitEnd(time);
	}

	private synchronized ControlClient control() {
		if (this.control == null) {
			this.control = new ControlClient(this.process.ports().get(0));
		}
		return this.control;
	}

	@Override
	public void close() {
		this.process.close();
	}

}
