package dev.rpcboot.client.transport;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import dev.rpcboot.client.RpcTransport.Answer;
import dev.rpcboot.client.RpcTransport.Settings;
import dev.rpcboot.client.transport.Attempt.Step;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.ConnectionEndpoint.RequestExecutor;
import org.apache.hc.client5.http.io.LeaseRequest;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.pool.PoolStats;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges on the caller's own thread. It drives the library's connection pool and
 * message parser directly, below its clients: what could repeat, redirect, authenticate
 * or decompress is not there.
 */
final class LibraryExchange implements BlockingExchange {

	private static final int SMALL = 64 * 1024;

	private final PoolingHttpClientConnectionManager pool;

	private final ResolvedNames resolved = new ResolvedNames();

	private final NameResolver names;

	private final DrainedRoutes drained;

	private final HttpRequestExecutor executor = new HttpRequestExecutor();

	private final KeepAlive keepAlive;

	private final TimeValue idleTimeout;

	LibraryExchange(Settings settings, @Nullable TlsMaterial tls, NameResolver names, DrainedRoutes drained) {
		this.names = names;
		this.drained = drained;
		this.keepAlive = new KeepAlive(settings.idleTimeout());
		this.idleTimeout = TimeValue.of(settings.idleTimeout());
		// The socket of a channel: unlike a plain one it wakes when its thread is
		// interrupted.
		DefaultHttpClientConnectionOperator operator = new DefaultHttpClientConnectionOperator(
				(proxy) -> SocketChannel.open().socket(), null, this.resolved,
				RegistryBuilder.<TlsSocketStrategy>create().register("https", Http1.tls(tls)).build());
		this.pool = new PoolingHttpClientConnectionManager(operator, PoolConcurrencyPolicy.LAX, PoolReusePolicy.LIFO,
				null, connections());
		this.pool.setDefaultMaxPerRoute(settings.maxConnections());
		this.pool.setConnectionConfigResolver(drained);
	}

	private static ManagedHttpClientConnectionFactory connections() {
		return ManagedHttpClientConnectionFactory.builder()
			.http1Config(Http1.CONFIG)
			// the default one skips lines that are no HTTP and waits for more
			.responseParserFactory(AskedAnswerParser.FACTORY)
			.build();
	}

	@Override
	public CompletableFuture<Answer> exchange(Attempt attempt) {
		try {
			attempt.begin();
			Answer answer;
			do {
				answer = exchange(attempt, lease(attempt));
			}
			while (answer == null);
			return CompletableFuture.completedFuture(answer);
		}
		// whatever the library throws: the caller gets a failure it can act on
		catch (Exception ex) {
			return CompletableFuture.failedFuture(Failures.translate(ex, attempt));
		}
		finally {
			attempt.finish();
		}
	}

	/**
	 * Uses a connection.
	 * @return the answer, or {@code null} if the connection was of no use any more, so
	 * that nothing was sent
	 */
	private @Nullable Answer exchange(Attempt attempt, ConnectionEndpoint endpoint) throws Exception {
		TimeValue keep = TimeValue.ZERO_MILLISECONDS;
		boolean used = true;
		try {
			boolean fresh = !endpoint.isConnected();
			if (fresh) {
				connect(endpoint, attempt);
			}
			BasicClassicHttpRequest request = request(attempt);
			HttpCoreContext context = HttpCoreContext.create();
			ClassicHttpResponse response = endpoint.execute("", request, sender(endpoint, attempt, fresh), context);
			used = response != null;
			if (!used) {
				return null;
			}
			Answer answer = new Answer(response.getCode(), HttpHeaders.read(response),
					body(response.getEntity(), attempt));
			this.drained.look(answer, attempt.destination().route());
			keep = this.keepAlive.of(request, response, context);
			return answer;
		}
		finally {
			if (!used || !attempt.finish() || !TimeValue.isPositive(keep)) {
				close(endpoint);
			}
			this.pool.release(endpoint, null, keep);
		}
	}

	private RequestExecutor sender(ConnectionEndpoint endpoint, Attempt attempt, boolean fresh) {
		return (request, connection, context) -> {
			if (!AskedAnswerParser.isQuiet((ManagedHttpClientConnection) connection)) {
				if (fresh) {
					throw new IOException("The connection ended, or bore an answer, before anything was asked");
				}
				return null;
			}
			attempt.enter(Step.EXCHANGE, () -> close(endpoint));
			attempt.context().markSent();
			return this.executor.execute(request, connection, context);
		};
	}

	private ConnectionEndpoint lease(Attempt attempt) throws Exception {
		LeaseRequest lease = this.pool.lease("", attempt.destination().route(), Timeout.DISABLED, null);
		try {
			attempt.enter(Step.LEASE, lease::cancel);
			return lease.get(attempt.remaining());
		}
		catch (Exception ex) {
			giveBack(lease);
			throw ex;
		}
	}

	// The pool may have served the request in the very moment in which we gave it up.
	private void giveBack(LeaseRequest lease) {
		lease.cancel();
		try {
			this.pool.release(lease.get(Timeout.ZERO_MILLISECONDS), null, this.idleTimeout);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (CancellationException | ExecutionException | TimeoutException ex) {
			// as expected: there is nothing to give back
		}
	}

	private void connect(ConnectionEndpoint endpoint, Attempt attempt) throws Exception {
		HttpRoute route = attempt.destination().route();
		CompletableFuture<InetAddress[]> resolving = this.names.resolve(route.getTargetHost().getHostName());
		attempt.enter(Step.RESOLVE, () -> resolving.cancel(false));
		InetAddress[] addresses = NameResolver.await(resolving, attempt.connectTimeout());
		attempt.enter(Step.CONNECT, () -> close(endpoint));
		this.resolved.connect(addresses, attempt,
				() -> this.pool.connect(endpoint, attempt.connectTimeout(), HttpCoreContext.create()));
	}

	private static BasicClassicHttpRequest request(Attempt attempt) {
		BasicClassicHttpRequest request = new BasicClassicHttpRequest("POST", attempt.destination().path());
		HttpHeaders.write(request, attempt.message(), attempt.destination());
		request.setEntity(new ByteArrayEntity(attempt.message().body(), ContentType.APPLICATION_JSON));
		return request;
	}

	private static byte[] body(@Nullable HttpEntity entity, Attempt attempt) throws IOException {
		if (entity == null) {
			return new byte[0];
		}
		long limit = attempt.settings().maxAnswerSize().toBytes();
		long length = entity.getContentLength();
		if (length > limit) {
			throw Failures.tooLarge(attempt);
		}
		InputStream content = entity.getContent();
		if (length >= 0 && length <= SMALL) {
			return content.readNBytes((int) length);
		}
		byte[] body = content.readNBytes((int) Math.min(limit + 1, Integer.MAX_VALUE));
		if (body.length > limit) {
			throw Failures.tooLarge(attempt);
		}
		return body;
	}

	private static void close(ConnectionEndpoint endpoint) {
		endpoint.close(CloseMode.IMMEDIATE);
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

}
