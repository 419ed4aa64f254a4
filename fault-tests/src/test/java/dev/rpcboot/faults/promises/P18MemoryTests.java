package dev.rpcboot.faults.promises;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.faults.consumer.LoadPlan;
import dev.rpcboot.faults.consumer.LoadReport;
import dev.rpcboot.faults.consumer.Operation;
import dev.rpcboot.faults.consumer.Registry;
import dev.rpcboot.faults.process.ConsumerProcess;
import dev.rpcboot.faults.process.ProviderProcess;
import dev.rpcboot.faults.process.WebStack;
import dev.rpcboot.faults.provider.Conditions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A small provider survives ten times its load and callers who do not finish their
 * requests, and has its memory back afterwards.
 */
@Timeout(240)
@Tag("full")
class P18MemoryTests {

	private static final int SLOW_CLIENTS = 500;

	private static final int SECONDS = 40;

	private static final byte[] UNFINISHED = ("POST /rpc/Work HTTP/1.1\r\nHost: localhost\r\n"
			+ "Content-Type: application/json\r\nContent-Length: 500000\r\n\r\n" + " ".repeat(400_000))
		.getBytes(StandardCharsets.ISO_8859_1);

	@ParameterizedTest
	@EnumSource
	void memoryIsFreeAgainAfterAnOverload(WebStack stack) throws Exception {
		try (ProviderProcess provider = Rig.single(stack, List.of("-Xmx128m"))) {
			long before = warm(provider);

			overload(provider);

			provider.setConditions(Conditions.HEALTHY);
			LoadReport after = Rig.sharedConsumer().run(LoadPlan.of("after", Rig.TARGET, 200, 50, Operation.ADD));
			double growth = (double) provider.heapInUse() / before;
			Figure.of(18, "heap of " + stack + " after / before, -Xmx128m", growth, "1.2");
			assertThat(provider.isAlive()).isTrue();
			assertThat(provider.logged()).doesNotContain("OutOfMemoryError");
			assertThat(after.failures()).isEmpty();
			assertThat(growth).isLessThanOrEqualTo(1.2);
		}
	}

	@Test
	void memoryIsUsedUpWithoutABound() throws Exception {
		try (ProviderProcess provider = Rig.single(WebStack.TOMCAT, List.of("-Xmx128m", "-XX:+ExitOnOutOfMemoryError"),
				"rpc.server.overload.enabled=false", "rpc.server.max-request-memory=1GB")) {
			warm(provider);

			overload(provider);

			Figure.of(18, "memory of TOMCAT used up, without a limit and a bound for all requests", !provider.isAlive(),
					"missed");
			assertThat(provider.isAlive()).isFalse();
		}
	}

	/**
	 * Makes all threads busy at once: a container keeps buffers for every thread it ever
	 * needed, and for every request it ever served at a time.
	 */
	private static long warm(ProviderProcess provider) throws Exception {
		ConsumerProcess consumer = Rig.sharedConsumer();
		consumer.restart(Registry.of(List.of(provider.port())),
				List.of("rpc.client.timeout=1s", "rpc.client.circuit-breaker.enabled=false",
						"rpc.client.throttling.enabled=false", "rpc.client.max-connections=600"));
		provider.setConditions(Conditions.slow(200));
		consumer.run(LoadPlan.of("warm", Rig.TARGET, 3000, 1000, Operation.ADD));
		provider.setConditions(Conditions.HEALTHY);
		return provider.heapInUse();
	}

	/** Ten times what the provider can do, and clients that do not finish. */
	private static void overload(ProviderProcess provider) throws Exception {
		provider.setConditions(new Conditions(100, 10, false));
		CompletableFuture<LoadReport> load = Rig.sharedConsumer()
			.begin(LoadPlan.of("load", Rig.TARGET, 1000 * SECONDS, 1000, Operation.ADD));
		dripUntil(load, provider.port());
	}

	/**
	 * Clients that send a large request but for its end, of which they send one byte a
	 * second.
	 */
	private static void dripUntil(CompletableFuture<?> end, int port) throws Exception {
		List<Socket> clients = new ArrayList<>();
		try {
			for (int i = 0; i < SLOW_CLIENTS; i++) {
				Socket client = new Socket();
				clients.add(client);
				Thread sender = new Thread(() -> drip(client, port));
				sender.setDaemon(true);
				sender.start();
			}
			end.get(120, TimeUnit.SECONDS);
		}
		finally {
			for (Socket client : clients) {
				client.close();
			}
		}
	}

	private static void drip(Socket client, int port) {
		try {
			client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
			client.getOutputStream().write(UNFINISHED);
			while (true) {
				Rig.hold(1000);
				client.getOutputStream().write(' ');
			}
		}
		catch (IOException ex) {
			// the server may refuse it, or give it up
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
