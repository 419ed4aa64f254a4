package dev.rpcboot.client.transport;

import java.net.InetAddress;
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
import dev.rpcboot.client.transport.HttpTransport.ForBlocking;

/**
 * All kinds of caller, with the watchdog that the pipeline has.
 */
enum Caller {

	SOCKETS, LIBRARY, ASYNC;

	private static final ExecutorService THREADS = Executors.newCachedThreadPool(Caller::daemon);

	private static final ScheduledExecutorService WATCHDOG = Executors.newScheduledThreadPool(1, Caller::daemon);

	boolean isBlocking() {
		return this != ASYNC;
	}

	HttpTransport transport(TlsMaterialSource tls, NameResolver.Lookup lookup) {
		return new HttpTransport(tls, (this == LIBRARY) ? ForBlocking.HTTP_COMPONENTS : ForBlocking.SOCKETS, lookup);
	}

	/** A transport that knows no bundles. */
	HttpTransport transport() {
		return transport((bundle) -> {
			throw new AssertionError("No bundles here");
		}, InetAddress::getAllByName);
	}

	CallContext context(Duration timeout) {
		CallContext context = new CallContext(Deadline.after(timeout, NanoClock.SYSTEM), isBlocking(), THREADS);
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
