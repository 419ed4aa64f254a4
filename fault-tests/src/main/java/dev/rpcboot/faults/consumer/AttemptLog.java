package dev.rpcboot.faults.consumer;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import dev.rpcboot.client.RpcAttemptInterceptor;
import dev.rpcboot.client.RpcInstance;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;

/**
 * To which instances attempts went: those that are never answered leave no other trace.
 */
final class AttemptLog implements RpcAttemptInterceptor {

	private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();

	@Override
	public CompletableFuture<RpcResponse> intercept(RpcRequest request, Chain chain) {
		RpcInstance instance = request.instance();
		int port = (instance != null) ? instance.endpoint().getPort() : 0;
		this.attempts.add(new Attempt(System.nanoTime(), request.target(), port));
		return chain.proceed(request);
	}

	/**
	 * Attempts at calls of the target, from that nano time on.
	 */
	Stream<Attempt> since(long start, String target) {
		return this.attempts.stream().filter((attempt) -> attempt.nanos >= start && attempt.target.equals(target));
	}

	record Attempt(long nanos, String target, int port) {
	}

}
