package dev.rpcboot.client.transport;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.RpcTransport;
import dev.rpcboot.client.RpcTransport.Answer;
import dev.rpcboot.client.RpcTransport.Message;

/**
 * Both kinds of caller, with the watchdog that the pipeline has.
 */
enum Caller {

	BLOCKING, ASYNC;

	private static final ExecutorService THREADS = Executors.newCachedThreadPool(Caller::daemon);

	private static final ScheduledExecutorService WATCHDOG = Executors.newScheduledThreadPool(1, Caller::daemon);

	CallContext context(Duration timeout) {
		CallContext context = new CallContext(Deadline.after(timeout, NanoClock.SYSTEM), this == BLOCKING, THREADS);
		WATCHDOG.schedule(context::expire, timeout.toNanos(), TimeUnit.NANOSECONDS);
		return context;
	}

	CompletableFuture<Answer> call(RpcTransport transport, Message message, CallContext context) {
		if (this == ASYNC) {
			return transport.exchange(message, context);
		}
		return CompletableFuture.supplyAsync(() -> {
			CompletableFuture<Answer> answer = transport.exchange(message, context);
			if (!answer.isDone()) {
				throw new AssertionError("Not complete on return");
			}
			return answer;
		}, THREADS).thenCompose((answer) -> answer);
	}

	private static Thread daemon(Runnable work) {
		Thread thread = new Thread(work, "test-caller");
		thread.setDaemon(true);
		return thread;
	}

}
