package dev.rpcboot.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import dev.rpcboot.server.Feeds.Plan;
import dev.rpcboot.server.FeedsApplication.FeedsBean;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is left of streams whose response breaks without a word from the servlet
 * container: nothing.
 */
@Timeout(60)
class BrokenResponseTests {

	private static RunningServer server;

	@BeforeAll
	static void start() {
		server = RunningServer.open(Stack.SERVLET, BreakingApplication.class);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "flux", "iterator" })
	void completesTheRequestWhenAWriteFails(String method) {
		assertNothingIsLeftOf(method, "write");
	}

	@ParameterizedTest
	@ValueSource(strings = { "flux", "iterator" })
	void stopsTheProducerWhenTheHeadCannotBeWritten(String method) {
		assertNothingIsLeftOf(method, "setStatus");
	}

	@ParameterizedTest
	@ValueSource(strings = { "flux", "iterator" })
	void stopsTheProducerWhenTheRequestCannotBeSuspended(String method) {
		assertNothingIsLeftOf(method, "startAsync");
	}

	@ParameterizedTest
	@ValueSource(strings = { "flux", "iterator" })
	void completesTheRequestWhenAWriteFailsUnexpectedly(String method) {
		assertNothingIsLeftOf(method, "unexpected");
	}

	private static void assertNothingIsLeftOf(String method, String broken) {
		FeedsBean feeds = server.bean(FeedsBean.class);
		feeds.reset();
		BreakingFilter filter = server.bean(BreakingFilter.class);
		try (RawHttp http = new RawHttp(server.port())) {
			RawHttp.Request request = RawHttp.Request.call("/rpc/Feeds",
					RawStream.request(method, Plan.of(1_000_000, 12_000, -1, false)), "Accept",
					"text/event-stream, application/json", "Broken", broken);

			write(http, request);

			// each far sooner than the stall timeout, which would end the stream too
			assertThat(becomes(() -> filter.broken.get() > 0)).as("broken").isTrue();
			assertThat(becomes(() -> feeds.open.get() == 0)).as("producer stopped").isTrue();
			assertThat(becomes(() -> filter.running.get() == 0)).as("request completed").isTrue();
		}
		finally {
			filter.broken.set(0);
		}
	}

	private static void write(RawHttp http, RawHttp.Request request) {
		try {
			http.write(new String(request.encode(), StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean becomes(BooleanSupplier condition) {
		long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
		while (!condition.getAsBoolean() && System.nanoTime() < end) {
			LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
		}
		return condition.getAsBoolean();
	}

	@Configuration(proxyBeanMethods = false)
	static class BreakingApplication extends FeedsApplication {

		@Bean
		BreakingFilter breakingFilter() {
			return new BreakingFilter();
		}

	}

	/**
	 * Wraps requests as users' filters do, and fails where a header of them says.
	 */
	static class BreakingFilter implements Filter {

		final AtomicInteger running = new AtomicInteger();

		final AtomicInteger broken = new AtomicInteger();

		@Override
		public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
				throws IOException, ServletException {
			String broken = ((HttpServletRequest) request).getHeader("Broken");
			chain.doFilter(new Request((HttpServletRequest) request, broken),
					new Response((HttpServletResponse) response, broken));
		}

		private void fail() {
			this.broken.incrementAndGet();
			throw new UnsupportedOperationException("broken by the test");
		}

		private final class Request extends HttpServletRequestWrapper implements AsyncListener {

			private final String broken;

			Request(HttpServletRequest request, String broken) {
				super(request);
				this.broken = broken;
			}

			@Override
			public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
				if ("startAsync".equals(this.broken)) {
					fail();
				}
				AsyncContext async = super.startAsync(request, response);
				BreakingFilter.this.running.incrementAndGet();
				async.addListener(this);
				return async;
			}

			@Override
			public void onComplete(AsyncEvent event) {
				BreakingFilter.this.running.decrementAndGet();
			}

			@Override
			public void onTimeout(AsyncEvent event) {
				// counted when it is complete
			}

			@Override
			public void onError(AsyncEvent event) {
				// counted when it is complete
			}

			@Override
			public void onStartAsync(AsyncEvent event) {
				// nobody starts it again
			}

		}

		private final class Response extends HttpServletResponseWrapper {

			private final String broken;

			Response(HttpServletResponse response, String broken) {
				super(response);
				this.broken = broken;
			}

			@Override
			public void setStatus(int status) {
				if ("setStatus".equals(this.broken)) {
					fail();
				}
				super.setStatus(status);
			}

			@Override
			public ServletOutputStream getOutputStream() throws IOException {
				return new Out(super.getOutputStream(), this.broken);
			}

		}

		private final class Out extends ServletOutputStream {

			private final ServletOutputStream out;

			private final String broken;

			private int writes;

			Out(ServletOutputStream out, String broken) {
				this.out = out;
				this.broken = broken;
			}

			@Override
			public void write(int b) throws IOException {
				this.out.write(b);
			}

			@Override
			public void write(byte[] bytes) throws IOException {
				this.writes++;
				if (this.writes == 2 && "write".equals(this.broken)) {
					BreakingFilter.this.broken.incrementAndGet();
					throw new IOException("broken by the test");
				}
				if (this.writes == 2 && "unexpected".equals(this.broken)) {
					fail();
				}
				this.out.write(bytes);
			}

			@Override
			public void flush() throws IOException {
				this.out.flush();
			}

			@Override
			public boolean isReady() {
				return this.out.isReady();
			}

			@Override
			public void setWriteListener(WriteListener listener) {
				this.out.setWriteListener(listener);
			}

		}

	}

}
