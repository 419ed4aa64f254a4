package dev.rpcboot.server;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MeasureTests {

	@ParameterizedTest
	@EnumSource(Stack.class)
	void measure(Stack stack) throws Exception {
		ExecutorService callers = Executors.newCachedThreadPool();
		try (RunningServer server = RunningServer.open(stack, WorkApplication.class)) {
			System.out.println(stack + " normal " + Load.run(server, callers, 500, 50, 400));
			for (int f : new int[] { 2, 3, 10 }) {
				System.out.println(stack + " x" + f + " for 10 s: " + Load.run(server, callers, 1000 * f, 100 * f, 400)
						+ " limit " + server.bean(RpcDispatcher.class).limiter().limit());
				System.out.println(stack + " after 5 s " + Load.run(server, callers, 250, 50, 400));
				System.out.println(stack + " after 10 s " + Load.run(server, callers, 250, 50, 400));
			}
			CompletableFuture<Load> critical = CompletableFuture.supplyAsync(() -> run(server, callers, 900, 90));
			Load sheddable = Load.run(server, callers, 2100, 210, 400, "Rpc-Criticality", "sheddable");
			System.out.println(stack + " critical " + critical.join() + "; sheddable " + sheddable + " limit "
					+ server.bean(RpcDispatcher.class).limiter().limit());
		}
	}

	private static Load run(RunningServer server, ExecutorService callers, int n, int r) {
		try {
			return Load.run(server, callers, n, r, 400);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
