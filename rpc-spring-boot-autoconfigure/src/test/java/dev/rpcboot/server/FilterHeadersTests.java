package dev.rpcboot.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.RpcContract;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A servlet filter that writes headers on its way out, as Spring Security's do, while an
 * asynchronous answer is there already.
 */
@Timeout(30)
class FilterHeadersTests {

	@Test
	void areWrittenBeforeAnAnswerOfAnotherThreadIsSent() throws Exception {
		try (RunningServer server = RunningServer.open(Stack.SERVLET, SlowFilter.class)) {
			for (int call = 0; call < 3; call++) {
				RawHttp.Answer answer = server.call("Later",
						"{\"jsonrpc\":\"2.0\",\"method\":\"soon\",\"params\":[],\"id\":1}");

				assertThat(answer.text()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"soon\"}");
				assertThat(answer.header("X-Filter")).isEqualTo("out");
			}
		}
	}

	@RpcContract("Later")
	interface Later {

		CompletableFuture<String> soon();

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class SlowFilter {

		private volatile CountDownLatch answered = new CountDownLatch(1);

		@Bean
		@RpcService
		Later later() {
			return () -> {
				CompletableFuture<String> result = new CompletableFuture<>();
				CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS).execute(() -> {
					result.complete("soon");
					this.answered.countDown();
				});
				return result;
			};
		}

		@Bean
		Filter headersOnTheWayOut() {
			return (request, response, chain) -> {
				this.answered = new CountDownLatch(1);
				chain.doFilter(request, response);
				try {
					this.answered.await(10, TimeUnit.SECONDS);
					// gives whoever would send it now the time to do so
					TimeUnit.MILLISECONDS.sleep(100);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
				((HttpServletResponse) response).setHeader("X-Filter", "out");
			};
		}

	}

}
