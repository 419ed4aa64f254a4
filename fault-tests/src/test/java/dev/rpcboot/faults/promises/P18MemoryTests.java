package dev.rpcboot.faults.promises;

import java.io.IOException;
import java.net.InetAddress;
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

	@ParameterizedTest
	@EnumSource
	void memoryIsFreeAgainAfterAnOverload(WebStack stack) throws Exception {
		try (ProviderProcess provider = Rig.single(stack, List.of("-Xmx128m"))) {
			ConsumerProcess consumer = Rig.sharedConsumer();
			consumer.restart(Registry.of(List.of(provider.port())),
					List.of("rpc.client.timeout=1s", "rpc.client.circuit-breaker.enabled=false",
							"rpc.client.throttling.enabled=false", "rpc.client.max-connections=600"));
			consumer.run(LoadPlan.of("warm", Rig.TARGET, 3000, 300, Operation.ADD));
			provider.setConditions(new Conditions(100, 10, false));
			long before = provider.heapInUse();

			CompletableFuture<LoadReport> load = consumer
				.begin(LoadPlan.of("load", Rig.TARGET, 1000 * SECONDS, 1000, Operation.ADD));
			dripUntil(load, provider.port());
			load.get(120, TimeUnit.SECONDS);

			provider.setConditions(Conditions.HEALTHY);
			LoadReport after = consumer.run(LoadPlan.of("after", Rig.TARGET, 200, 50, Operation.ADD));
			double growth = (double) provider.heapInUse() / before;
			Figure.of(18, "heap of " + stack + " after / before, -Xmx128m", growth, "1.2");
			assertThat(provider.isAlive()).isTrue();
			assertThat(provider.logged()).doesNotContain("OutOfMemoryError");
			assertThat(after.failures()).isEmpty();
			assertThat(growth).isLessThanOrEqualTo(1.2);
		}
	}

	/**
	 * Clients that send one byte of their request a second.
	 */
	private static void dripUntil(CompletableFuture<?> end, int port) throws Exception {
		List<Socket> clients = new ArrayList<>();
		try {
			for (int i = 0; i < SLOW_CLIENTS; i++) {
				Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
				client.getOutputStream()
					.write(("POST /rpc/Work HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
							+ "Content-Length: 100000\r\n\r\n{")
						.getBytes(StandardCharsets.ISO_8859_1));
				clients.add(client);
			}
			while (!end.isDone()) {
				for (Socket client : List.copyOf(clients)) {
					if (!drip(client)) {
						clients.remove(client);
						client.close();
					}
				}
				Rig.hold(1000);
			}
		}
		finally {
			for (Socket client : clients) {
				client.close();
			}
		}
	}

	// a server may end the connection of a client that takes so long
	private static boolean drip(Socket client) {
		try {
			client.getOutputStream().write(' ');
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
