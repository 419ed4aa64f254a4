package dev.rpcboot.faults.promises;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.rpcboot.faults.consumer.LoadPlan;
import dev.rpcboot.faults.consumer.LoadReport;
import dev.rpcboot.faults.consumer.Operation;
import dev.rpcboot.faults.consumer.Registry;
import dev.rpcboot.faults.process.ConsumerProcess;
import dev.rpcboot.faults.process.ProviderProcess;
import dev.rpcboot.faults.process.WebStack;
import dev.rpcboot.faults.provider.Conditions;
import dev.rpcboot.faults.provider.Ledger;
import dev.rpcboot.faults.proxy.FaultyProxy;

/**
 * Three providers, each behind a proxy, and a consumer. The processes serve all tests of
 * a run, because starting them is what takes time; a test that ends one gets the next
 * test another.
 */
final class Rig {

	/** What the providers are called by. */
	static final String TARGET = "work";

	private static final int PROVIDERS = 3;

	private static final Path DIRECTORY = Path.of(System.getProperty("faults.directory", "target/faults"));

	private static final AtomicInteger NUMBER = new AtomicInteger();

	private static Rig shared;

	private final Path directory;

	private final WebStack stack;

	private final List<String> providerProperties;

	private final List<String> providerFlags;

	private final ConsumerProcess consumer;

	private final List<ProviderProcess> providers = new ArrayList<>();

	private final List<ProviderProcess> gone = new ArrayList<>();

	private final List<FaultyProxy> proxies = new ArrayList<>();

	private boolean proxied;

	private Rig(WebStack stack, ConsumerProcess consumer, List<String> providerFlags, List<String> providerProperties)
			throws IOException {
		Files.createDirectories(DIRECTORY);
		this.directory = Files.createTempDirectory(DIRECTORY, "rig");
		this.stack = stack;
		this.consumer = (consumer != null) ? consumer : ConsumerProcess.start(this.directory, List.of());
		this.providerFlags = providerFlags;
		this.providerProperties = providerProperties;
		for (int i = 0; i < PROVIDERS; i++) {
			this.providers.add(startProvider());
		}
	}

	/**
	 * The providers that serve all tests, as an application has them that sets nothing.
	 */
	static synchronized Rig shared() throws IOException {
		if (shared == null) {
			shared = new Rig(WebStack.TOMCAT, null, List.of(), List.of());
		}
		return shared;
	}

	/**
	 * Other providers, for one test, which has to close them.
	 */
	static Own own(WebStack stack, List<String> flags, String... properties) throws IOException {
		return new Own(new Rig(stack, shared().consumer, flags, List.of(properties)));
	}

	/**
	 * All is well, and the consumer has learned nothing yet.
	 * @param proxied whether calls go through the proxies
	 * @param properties of the consumer
	 */
	Rig reset(boolean proxied, String... properties) throws IOException, InterruptedException {
		this.proxied = proxied;
		for (int i = 0; i < PROVIDERS; i++) {
			if (!this.providers.get(i).isAlive()) {
				replace(i);
			}
		}
		for (ProviderProcess provider : this.providers) {
			provider.setConditions(Conditions.HEALTHY);
		}
		for (FaultyProxy proxy : this.proxies) {
			proxy.close();
		}
		this.proxies.clear();
		if (proxied) {
			for (int i = 0; i < PROVIDERS; i++) {
				this.proxies.add(new FaultyProxy(this.providers.get(i).port(), i));
			}
		}
		this.consumer.restart(registry(), List.of(properties));
		return this;
	}

	/** Lets connections be made and code be compiled. */
	Rig warm() throws IOException, InterruptedException {
		run(200, 200, Operation.READ, Operation.PUT, Operation.ADD);
		return this;
	}

	/** Those that run at present. */
	Registry registry() {
		return Registry.of(ports());
	}

	/** Ports to which the consumer's calls go. */
	List<Integer> ports() {
		return this.proxied ? this.proxies.stream().map(FaultyProxy::port).toList()
				: this.providers.stream().map(ProviderProcess::port).toList();
	}

	ConsumerProcess consumer() {
		return this.consumer;
	}

	ProviderProcess provider(int index) {
		return this.providers.get(index);
	}

	List<ProviderProcess> providers() {
		return this.providers;
	}

	FaultyProxy proxy(int index) {
		return this.proxies.get(index);
	}

	List<FaultyProxy> proxies() {
		return this.proxies;
	}

	/**
	 * Starts a provider in the place of one that is gone, or goes.
	 */
	ProviderProcess replace(int index) throws IOException {
		this.gone.add(this.providers.set(index, startProvider()));
		return this.providers.get(index);
	}

	private ProviderProcess startProvider() throws IOException {
		return ProviderProcess.start(this.directory, "provider-" + NUMBER.incrementAndGet(), this.stack,
				this.providerFlags, this.providerProperties);
	}

	/**
	 * A plan with ids of its own.
	 */
	static LoadPlan plan(int calls, double perSecond, Operation... operations) {
		return LoadPlan.of("plan" + NUMBER.incrementAndGet(), TARGET, calls, perSecond, operations);
	}

	LoadReport run(int calls, double perSecond, Operation... operations) throws IOException, InterruptedException {
		return this.consumer.run(plan(calls, perSecond, operations));
	}

	/** The consumer of the shared rig, for a test that has its own providers. */
	static ConsumerProcess sharedConsumer() throws IOException {
		return shared().consumer;
	}

	/**
	 * Starts a provider that the test has to close.
	 */
	static ProviderProcess single(WebStack stack, List<String> flags, String... properties) throws IOException {
		return ProviderProcess.start(shared().directory, "single-" + NUMBER.incrementAndGet(), stack, flags,
				List.of(properties));
	}

	/** All that any provider wrote down of the plan. */
	List<Ledger.Entry> ledger(LoadPlan plan) throws IOException {
		List<Ledger.Entry> entries = new ArrayList<>();
		for (ProviderProcess provider : Stream.concat(this.providers.stream(), this.gone.stream()).toList()) {
			for (Ledger.Entry entry : provider.ledger()) {
				if (entry.callId().startsWith(plan.name() + "-") || entry.callId().equals(plan.name())) {
					entries.add(entry);
				}
			}
		}
		return entries;
	}

	/** The wall clock, in microseconds, as ledgers and ids have it. */
	static long micros() {
		return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
	}

	/**
	 * Waits, for as long as a fault is to last.
	 */
	static void hold(long millis) throws InterruptedException {
		TimeUnit.MILLISECONDS.sleep(millis);
	}

	/**
	 * Changes how all providers fare.
	 */
	Rig setConditions(Conditions conditions) throws IOException, InterruptedException {
		for (ProviderProcess provider : this.providers) {
			provider.setConditions(conditions);
		}
		return this;
	}

	/** How often each call of the plan ran, of those that ran. */
	Map<String, Integer> executions(LoadPlan plan) throws IOException {
		Map<String, Integer> executions = new HashMap<>();
		for (Ledger.Entry entry : ledger(plan)) {
			executions.merge(entry.callId(), 1, Integer::sum);
		}
		return executions;
	}

	/** Calls of the plan that ran more than once. */
	long duplicates(LoadPlan plan) throws IOException {
		return executions(plan).values().stream().filter((times) -> times > 1).count();
	}

	/**
	 * Providers for one test; the consumer stays the shared one.
	 */
	record Own(Rig rig) implements AutoCloseable {

		@Override
		public void close() throws IOException {
			for (FaultyProxy proxy : this.rig.proxies) {
				proxy.close();
			}
			this.rig.providers.forEach(ProviderProcess::close);
		}

	}

}
