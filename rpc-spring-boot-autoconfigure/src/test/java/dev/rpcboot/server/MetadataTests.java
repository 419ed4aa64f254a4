package dev.rpcboot.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.rpcboot.call.InboundCall;
import dev.rpcboot.call.RpcMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Metadata of foreign callers.
 */
@ParameterizedClass
@EnumSource(Stack.class)
@Timeout(30)
class MetadataTests {

	private static final String CALL = "{\"jsonrpc\":\"2.0\",\"method\":\"seen\",\"id\":1}";

	private static RunningServer server;

	@Parameter
	Stack stack;

	@BeforeParameterizedClassInvocation
	static void start(Stack stack) {
		server = RunningServer.open(stack, MirrorApplication.class, "server.max-http-request-header-size=64KB");
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@Test
	void isReadInEveryEntryOfABatch() {
		String batch = "[" + CALL + "," + CALL + "]";

		RawHttp.Answer answer = server.call("Mirror", batch, "Rpc-Meta-Tenant", "acme", "rpc-meta-LOCALE", "de");

		String seen = "\"result\":{\"tenant\":\"acme\",\"locale\":\"de\"}";
		assertThat(answer.text()).containsSubsequence(seen, seen);
	}

	@Test
	void hasNothingOfWhatIsRefused() {
		RawHttp.Answer answer = server.call("Mirror", CALL, "Rpc-Meta-Authorization", "Bearer x", "Rpc-Meta-Cookie",
				"a=b", "Rpc-Meta-Host", "evil", "Rpc-Meta-Traceparent", "x", "Authorization", "Bearer y",
				"Rpc-Meta-Name", "J\u00fcrgen", "Rpc-Meta-Tenant", "acme");

		assertThat(answer.text()).contains("\"result\":{\"tenant\":\"acme\"}");
	}

	@Test
	void isRefusedAboveEightKibibytesBeforeTheMethodIsEntered() {
		AtomicInteger entered = server.bean(MirrorApplication.MirrorBean.class).entered;
		int before = entered.get();
		int room = RpcMetadata.MAX_SIZE - "Rpc-Meta-Note".length();

		RawHttp.Answer most = server.call("Mirror", CALL, "Rpc-Meta-Note", "x".repeat(room));
		RawHttp.Answer tooMuch = server.call("Mirror", CALL, "Rpc-Meta-Note", "x".repeat(room + 1));
		RawHttp.Answer inAll = server.call("Mirror", CALL, "Rpc-Meta-A", "x".repeat(4100), "Rpc-Meta-Cookie",
				"x".repeat(4100));

		assertThat(most.status()).isEqualTo(200);
		for (RawHttp.Answer refused : new RawHttp.Answer[] { tooMuch, inAll }) {
			assertThat(refused.status()).isEqualTo(400);
			assertThat(refused.header("Rpc-Status")).isEqualTo("INVALID_REQUEST");
		}
		assertThat(entered).hasValue(before + 1);
	}

	interface Mirror {

		Map<String, String> seen();

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class MirrorApplication {

		@Bean
		@RpcService
		MirrorBean mirror() {
			return new MirrorBean();
		}

		static class MirrorBean implements Mirror {

			final AtomicInteger entered = new AtomicInteger();

			@Override
			public Map<String, String> seen() {
				this.entered.incrementAndGet();
				RpcMetadata metadata = InboundCall.current().metadata();
				Map<String, String> seen = new LinkedHashMap<>();
				metadata.names().forEach((name) -> seen.put(name, metadata.get(name)));
				return seen;
			}

		}

	}

}
