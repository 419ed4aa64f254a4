package dev.rpcboot.client.transport;

import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.rpcboot.client.RpcTransport.Answer;
import dev.rpcboot.client.RpcTransport.Settings;
import dev.rpcboot.client.transport.Attempt.Step;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.pool.PoolStats;
import org.apache.hc.core5.reactor.ConnectionInitiator;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges over HTTP/1.1. Like {@link LibraryExchange} it drives the library's pool
 * directly; the library's own asynchronous clients cannot end an exchange once it has
 * begun.
 */
final class AsyncExchange implements NonBlockingExchange {

	private final PoolingAsyncClientConnectionManager pool;

	private final ConnectionInitiator eventLoop;

	private final ResolvedNames resolved = new ResolvedNames();

	private final NameResolver names;

	private final DrainedRoutes drained;

	private final KeepAlive keepAlive;

	private final TimeValue idleTimeout;

	AsyncExchange(Settings settings, @Nullable TlsMaterial tls, NameResolver names, DrainedRoutes drained,
			ConnectionInitiator eventLoop) {
		this.names = names;
		this.drained = drained;
		this.eventLoop = eventLoop;
		this.keepAlive = new KeepAlive(settings.idleTimeout());
		this.idleTimeout = TimeValue.of(settings.idleTimeout());
		this.pool = PoolingAsyncClientConnectionManagerBuilder.create()
			.setTlsStrategy(Http1.tls(tls))
			.setDefaultTlsConfig(TlsConfig.custom().setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1).build())
			.setDnsResolver(this.resolved)
			.setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
			.setConnPoolPolicy(PoolReusePolicy.LIFO)
			.setMaxConnPerRoute(settings.maxConnections())
			.setConnectionConfigResolver(drained)
			.build();
	}

	@Override
	public CompletableFuture<Answer> exchange(Attempt attempt) {
		AsyncCall call = new AsyncCall(new AsyncAnswer(attempt), this.keepAlive);
		guard(call, () -> {
			attempt.begin();
			lease(call);
		});
		CompletableFuture<Answer> answer = call.answer().future();
		answer.whenComplete((received, failure) -> {
			if (received != null) {
				this.drained.look(received, attempt.destination().route());
			}
		});
		return answer;
	}

	private void lease(AsyncCall call) {
		call.attempt().enter(Step.LEASE, call::cancel);
		Future<?> leasing = this.pool.lease("", call.attempt().destination().route(), null, Timeout.DISABLED,
				new Then<>(call, (endpoint) -> leased(endpoint, call)));
		call.attempt().endBy(Step.LEASE, () -> {
			leasing.cancel(true);
			call.cancel();
		});
	}

	private void leased(AsyncConnectionEndpoint endpoint, AsyncCall call) {
		call.answer().hold((complete) -> release(endpoint, complete ? call.keep() : TimeValue.ZERO_MILLISECONDS));
		if (endpoint.isConnected()) {
			endpoint.execute("", call, HttpCoreContext.create());
		}
		else {
			resolve(endpoint, call);
		}
	}

	private void resolve(AsyncConnectionEndpoint endpoint, AsyncCall call) {
		Attempt attempt = call.attempt();
		String host = attempt.destination().route().getTargetHost().getHostName();
		CompletableFuture<InetAddress[]> resolving = this.names.resolve(host);
		attempt.enter(Step.RESOLVE, () -> resolving.cancel(false));
		resolving.orTimeout(attempt.connectTimeout().toMilliseconds(), TimeUnit.MILLISECONDS)
			.whenComplete((addresses, failure) -> {
				if (failure != null) {
					call.failed(NameResolver.unwrap(failure));
				}
				else {
					guard(call, () -> connect(endpoint, addresses, call));
				}
			});
	}

	private void connect(AsyncConnectionEndpoint endpoint, InetAddress[] addresses, AsyncCall call) {
		Attempt attempt = call.attempt();
		Opening opening = new Opening(this.eventLoop);
		// Not by cancelling what connect returns: the library then forgets a connection
		// that
		// is made in that moment. It ends by itself, at the connect timeout at the
		// latest.
		attempt.enter(Step.CONNECT, () -> {
			opening.close();
			call.cancel();
		});
		this.resolved.connect(addresses, attempt,
				() -> this.pool.connect(endpoint, opening, attempt.connectTimeout(), null, HttpCoreContext.create(),
						new Then<>(call, (connected) -> connected.execute("", call, HttpCoreContext.create()))));
	}

	private void release(AsyncConnectionEndpoint endpoint, TimeValue keep) {
		if (!TimeValue.isPositive(keep)) {
			endpoint.close(CloseMode.IMMEDIATE);
		}
		this.pool.release(endpoint, null, keep);
	}

	// whatever the library throws: the caller gets a failure it can act on
	private static void guard(AsyncCall call, Runnable step) {
		try {
			step.run();
		}
		catch (RuntimeException ex) {
			call.failed(ex);
		}
	}

	@Override
	public void closeIdle() {
		this.pool.closeExpired();
		this.pool.closeIdle(this.idleTimeout);
	}

	@Override
	public PoolStats stats() {
		return this.pool.getTotalStats();
	}

	@Override
	public void close() {
		this.pool.close(CloseMode.IMMEDIATE);
	}

	/**
	 * The next step, or the failure of the call.
	 */
	private static final class Then<T> implements FutureCallback<T> {

		private final AsyncCall call;

		private final Consumer<T> next;

		private Then(AsyncCall call, Consumer<T> next) {
			this.call = call;
			this.next = next;
		}

		@Override
		public void completed(T result) {
			guard(this.call, () -> this.next.accept(result));
		}

		@Override
		public void failed(Exception ex) {
			this.call.failed(ex);
		}

		@Override
		public void cancelled() {
			this.call.cancel();
		}

	}

}
