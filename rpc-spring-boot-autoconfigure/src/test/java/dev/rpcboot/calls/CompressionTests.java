package dev.rpcboot.calls;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.RpcReference;
import dev.rpcboot.server.RpcServerInterceptor;
import dev.rpcboot.server.RpcService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Compressed messages between two applications, on both web stacks.
 */
@ParameterizedClass
@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
@Timeout(60)
class CompressionTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final List<String> MANY = Collections.nCopies(10_000, "a parcel of some size");

	@Parameter
	WebApplicationType stack;

	private final Applications applications = new Applications();

	private Parcels parcels;

	private Consumer consumer;

	@AfterEach
	void stop() {
		this.applications.close();
	}

	@Test
	void compressesLargeAnswersForAConsumerThatWantsThem() {
		start("", "rpc.client.compression.answers=true");

		assertThat(this.parcels.unpack(10_000)).isEqualTo(MANY);
		assertThat(this.consumer.encoding).isEqualTo("zstd");
		assertThat(this.parcels.unpackLater(10_000)).succeedsWithin(SOON).isEqualTo(MANY);
		assertThat(this.consumer.encoding).isEqualTo("zstd");
		// on WebFlux the result is there on an event loop, which must not compress it
		assertThat(this.parcels.unpackReactive(10_000).block(SOON)).isEqualTo(MANY);
		assertThat(this.consumer.encoding).isEqualTo("zstd");
		assertThat(this.parcels.unpack(2)).hasSize(2);
		assertThat(this.consumer.encoding).isEqualTo("none");
		assertThat(this.parcels.headersOf(MANY)).containsEntry("accept-encoding", "zstd, gzip")
			.containsEntry("content-encoding", "none");
	}

	@Test
	void compressesLargeRequestsOnceTheProviderHasSaidThatItReadsThem() {
		start("", "rpc.client.compression.requests=true");

		Map<String, String> first = this.parcels.headersOf(MANY);
		Map<String, String> second = this.parcels.headersOf(MANY);
		Map<String, String> small = this.parcels.headersOf(List.of("small"));

		assertThat(first).containsEntry("content-encoding", "none").containsEntry("accept-encoding", "identity");
		assertThat(second).containsEntry("content-encoding", "zstd").containsEntry("items", "10000");
		assertThat(small).containsEntry("content-encoding", "none").containsEntry("items", "1");
		assertThat(this.parcels.pack(MANY)).isEqualTo(10_000);
		assertThat(this.parcels.packLater(MANY)).succeedsWithin(SOON).isEqualTo(10_000);
		assertThat(this.parcels.unpack(10_000)).isEqualTo(MANY);
		assertThat(this.consumer.encoding).isEqualTo("none");
	}

	@Test
	void compressesNothingByDefault() {
		start("");

		assertThat(this.parcels.headersOf(MANY)).containsEntry("content-encoding", "none")
			.containsEntry("accept-encoding", "none");
		assertThat(this.parcels.headersOf(MANY)).containsEntry("content-encoding", "none");
		assertThat(this.parcels.unpack(10_000)).isEqualTo(MANY);
		assertThat(this.consumer.encoding).isEqualTo("none");
	}

	@Test
	void neverCompressesARequestForAProviderThatDoesNotReadThem() {
		start("rpc.server.compression.enabled=false", "rpc.client.compression.requests=true",
				"rpc.client.compression.answers=true");

		assertThat(this.parcels.headersOf(MANY)).containsEntry("content-encoding", "none");
		assertThat(this.parcels.headersOf(MANY)).containsEntry("content-encoding", "none");
		assertThat(this.parcels.unpack(10_000)).isEqualTo(MANY);
		assertThat(this.consumer.encoding).isEqualTo("none");
	}

	@Test
	void readsWhatTheContainerCompressed() {
		start("server.compression.enabled=true", "rpc.client.compression.answers=true");

		// between the container's least size and ours
		assertThat(this.parcels.unpack(200)).hasSize(200);
		assertThat(this.consumer.encoding).isIn("gzip", "zstd");
		assertThat(this.parcels.unpack(10_000)).isEqualTo(MANY);
		assertThat(this.consumer.encoding).isEqualTo("zstd");
	}

	@Test
	void letsNoInterceptorSetTheHeadersOfCompression() {
		start("");
		for (String header : List.of("Accept-Encoding", "content-encoding")) {
			this.consumer.header = header;

			assertThatIllegalArgumentException().isThrownBy(() -> this.parcels.pack(List.of("a")))
				.withMessageContaining(header)
				.withMessageContaining("rpc.client.compression");
		}
	}

	private void start(String providing, String... consuming) {
		ConfigurableApplicationContext provider = this.applications.provider(this.stack, Provider.class,
				providing.isEmpty() ? "a=b" : providing);
		String[] properties = Arrays.copyOf(consuming, consuming.length + 1);
		properties[consuming.length] = "rpc.client.targets.parcels.url=" + Applications.url(provider);
		ConfigurableApplicationContext context = this.applications.consumer(Consumer.class, properties);
		this.consumer = context.getBean(Consumer.class);
		this.parcels = this.consumer.parcels;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Consumer {

		@RpcReference("parcels")
		Parcels parcels;

		volatile String encoding = "unknown";

		volatile String header = "X-Harmless";

		@Bean
		RpcClientInterceptor recording() {
			return (request, chain) -> chain.proceed(request.withHeader(this.header, "gzip"))
				.whenComplete((response, failure) -> this.encoding = (response != null)
						? value(response.headers(), "Content-Encoding") : "failed");
		}

	}

	private static String value(RpcHeaders headers, String name) {
		String value = headers.first(name);
		return (value != null) ? value : "none";
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Provider {

		@Bean
		@RpcService
		ParcelsBean parcels() {
			return new ParcelsBean();
		}

		@Bean
		RpcServerInterceptor headers() {
			return (invocation, chain) -> {
				if (!invocation.method().name().equals("headersOf")) {
					return chain.proceed(invocation);
				}
				Map<String, String> seen = new TreeMap<>();
				seen.put("content-encoding", value(invocation.headers(), "Content-Encoding"));
				seen.put("accept-encoding", value(invocation.headers(), "Accept-Encoding"));
				seen.put("items", Integer.toString(((List<?>) invocation.arguments().get(0)).size()));
				return CompletableFuture.completedFuture(seen);
			};
		}

	}

	static class ParcelsBean implements Parcels {

		@Override
		public List<String> unpack(int count) {
			return Collections.nCopies(count, MANY.get(0));
		}

		@Override
		public CompletableFuture<List<String>> unpackLater(int count) {
			return CompletableFuture.supplyAsync(() -> unpack(count));
		}

		@Override
		public Mono<List<String>> unpackReactive(int count) {
			return Mono.fromSupplier(() -> unpack(count));
		}

		@Override
		public int pack(List<String> items) {
			return items.size();
		}

		@Override
		public CompletableFuture<Integer> packLater(List<String> items) {
			return CompletableFuture.completedFuture(items.size());
		}

		@Override
		public Map<String, String> headersOf(List<String> items) {
			throw new IllegalStateException("answered by the interceptor");
		}

	}

}
