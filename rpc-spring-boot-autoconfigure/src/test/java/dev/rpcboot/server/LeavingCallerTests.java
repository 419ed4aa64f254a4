package dev.rpcboot.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

import dev.rpcboot.server.CancelTests.Kiln;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What is left of a caller who leaves while the request is still being decoded, which an
 * event loop leaves to another thread.
 */
@Timeout(30)
class LeavingCallerTests {

	@Test
	void holdsItsPlaceUntilNothingIsDoneForItAnyMore() throws Exception {
		try (RunningServer server = RunningServer.open(Stack.REACTIVE, HeldKiln.class, "server.shutdown=immediate")) {
			HeldThreads threads = server.bean(HeldThreads.class);
			RpcDispatcher dispatcher = server.bean(RpcDispatcher.class);
			Runnable decoding;
			try (RawHttp http = new RawHttp(server.port())) {
				CompletableFuture.runAsync(() -> http.send(compressed("mono")));
				decoding = threads.tasks.poll(10, TimeUnit.SECONDS);
				assertThat(dispatcher.limiter().running()).isEqualTo(1);
			}
			await().atMost(Duration.ofSeconds(10)).until(() -> dispatcher.cancellable() == 0);

			int held = dispatcher.limiter().running();
			decoding.run();

			assertThat(held).isEqualTo(1);
			assertThat(dispatcher.limiter().running()).isZero();
			assertThat(server.bean(Kiln.class).started).isEmpty();
		}
	}

	private static RawHttp.Request compressed(String method) {
		String call = "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":[\"a\"],\"id\":1}";
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(body)) {
			gzip.write(call.getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return new RawHttp.Request("POST", "/rpc/Kiln", Map.of("Content-Type", "application/json", "Content-Encoding",
				"gzip", "Rpc-Call-Id", "0123456789abcdefghij"), body.toByteArray());
	}

	/** Does nothing before it is told to. */
	static class HeldThreads implements Executor {

		final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

		@Override
		public void execute(Runnable task) {
			this.tasks.add(task);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class HeldKiln {

		@Bean
		@RpcService
		Kiln kiln() {
			return new Kiln();
		}

		@Bean
		HeldThreads rpcServerExecutor() {
			return new HeldThreads();
		}

	}

}
