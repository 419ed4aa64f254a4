package dev.rpcboot.server;

import java.util.concurrent.Semaphore;

import org.springframework.context.ApplicationContext;
import org.springframework.test.util.ReflectionTestUtils;

/**
 * Looks into what a provider holds for calls that run.
 */
public final class ServerState {

	private ServerState() {
	}

	/** How many requests are running that their callers could cancel by id. */
	public static int cancellable(ApplicationContext provider) {
		return provider.getBean(RpcDispatcher.class).cancellable();
	}

	/** How many streams more may run. */
	public static int freeStreams(ApplicationContext provider) {
		return ((Semaphore) ReflectionTestUtils.getField(provider.getBean(StreamThreads.class), "permits"))
			.availablePermits();
	}

}
