package dev.rpcboot.call;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RpcMetadataTests {

	@AfterEach
	void threadIsClean() {
		assertThat(RpcMetadata.outbound()).isSameAs(RpcMetadata.EMPTY);
	}

	@Test
	void holdsValuesUnderNamesWithoutRegardToCase() {
		RpcMetadata metadata = RpcMetadata.of("Tenant", "acme").and("locale", "de").and("TENANT", "other");

		assertThat(metadata.get("tEnAnT")).isEqualTo("other");
		assertThat(metadata.get("nothing")).isNull();
		assertThat(metadata.names()).containsExactly("tenant", "locale");
		assertThat(metadata.only("LOCALE", "nothing")).isEqualTo(RpcMetadata.of("locale", "de"));
		assertThat(metadata).hasToString("[tenant, locale]");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Authorization", "proxy-authorization", "cookie", "Set-Cookie", "x-api-key", "apikey",
			"api_key", "X-Auth-Token", "x-access-token", "x-amz-security-token", "x-csrf-token", "private-token",
			"password", "user-password", "client-secret", "x-goog-iap-jwt-assertion", "x-forwarded-client-cert",
			"Ocp-Apim-Subscription-Key", "x-functions-key", "x-vault-token", "session-id", "jsessionid-cookie",
			"credentials", "token", "www-authenticate" })
	void refusesCredentials(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> RpcMetadata.of(name, "x"))
			.withMessageContaining(name.toLowerCase());
	}

	@ParameterizedTest
	@ValueSource(strings = { "Host", "connection", "Content-Type", "content-length", "content-encoding",
			"transfer-encoding", "TE", "trailer", "upgrade", "forwarded", "X-Forwarded-For", "x-real-ip", "accept",
			"accept-encoding", "proxy-connection", "sec-fetch-site", "origin", "Rpc-Timeout-Ms", "rpc-meta-x",
			"traceparent", "tracestate", "baggage", "b3", "x-b3-traceid", "idempotency-key" })
	void refusesWhatBelongsToHttpOrToTheProtocol(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> RpcMetadata.of(name, "x"))
			.withMessageContaining("belongs to");
	}

	@ParameterizedTest
	@ValueSource(strings = { "tenant", "locale", "user-id", "secretary", "page-token", "hostname", "x-tenant",
			"correlation-id", "key", "cookies-accepted", "acceptance", "contents", "keyboard" })
	void takesOrdinaryNames(String name) {
		assertThat(RpcMetadata.of(name, "x").get(name)).isEqualTo("x");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a b", "a:b", "a\r\nHost", "j\u00fcrgen" })
	void refusesNamesThatAreNoTokens(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> RpcMetadata.of(name, "x"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "J\u00fcrgen", "a\r\nb", "a\u0000", " acme", "acme ", "\t" })
	void refusesValuesThatNoHeaderCarriesAsTheyAre(String value) {
		assertThatIllegalArgumentException().isThrownBy(() -> RpcMetadata.of("tenant", value))
			.withMessageContaining("visible ASCII")
			.withMessageNotContaining("acme")
			.withMessageNotContaining("J\u00fcrgen");
	}

	@Test
	void takesEightKibibytesInAll() {
		int room = RpcMetadata.MAX_SIZE - "Rpc-Meta-a".length();

		RpcMetadata full = RpcMetadata.of("a", "x".repeat(room));

		assertThatIllegalArgumentException().isThrownBy(() -> RpcMetadata.of("a", "x".repeat(room + 1)));
		assertThatIllegalArgumentException().isThrownBy(() -> full.and("b", ""));
		assertThat(full.and("a", "y").get("a")).isEqualTo("y");
	}

	@Test
	void appliesToTheActionAndItsThreadAlone() throws Exception {
		RpcMetadata seen = RpcMetadata.of("a", "1").call(() -> {
			RpcMetadata elsewhere = CompletableFuture.supplyAsync(RpcMetadata::outbound).get();
			assertThat(elsewhere).isSameAs(RpcMetadata.EMPTY);
			return RpcMetadata.outbound();
		});

		assertThat(seen).isEqualTo(RpcMetadata.of("a", "1"));
	}

	@Test
	void addsWhatNestedActionsSendAndTakesItBack() {
		RpcMetadata.of("a", "1").and("b", "1").run(() -> {
			RpcMetadata.of("b", "2").and("c", "2").run(() -> {
				assertThat(RpcMetadata.outbound()).isEqualTo(RpcMetadata.of("a", "1").and("b", "2").and("c", "2"));
				RpcMetadata.EMPTY.run(() -> assertThat(RpcMetadata.outbound().get("c")).isEqualTo("2"));
			});
			assertThat(RpcMetadata.outbound()).isEqualTo(RpcMetadata.of("a", "1").and("b", "1"));
		});
	}

	@Test
	void takesItBackWhenTheActionFails() {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> RpcMetadata.of("a", "1").call(() -> {
			throw new IOException("checked");
		}));

		assertThat(RpcMetadata.outbound()).isSameAs(RpcMetadata.EMPTY);
	}

	@Test
	void leavesRefusedNamesOutOfWhatIsRead() {
		RpcHeaders headers = RpcHeaders.EMPTY.with("Rpc-Meta-Tenant", "acme")
			.with("Rpc-Meta-Authorization", "Bearer x")
			.with("Rpc-Meta-", "x")
			.with("Rpc-Metadata", "x")
			.with("Other", "x");

		assertThat(RpcMetadata.in(headers)).isEqualTo(RpcMetadata.of("tenant", "acme"));
	}

}
