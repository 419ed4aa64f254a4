package dev.rpcboot.benchmark.client;

import java.util.Map;

import dev.rpcboot.benchmark.BenchmarkService;
import dev.rpcboot.benchmark.HttpBenchmarkService;
import dev.rpcboot.client.RpcReference;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/**
 * Calls the server with our client and with Spring's own, by turns.
 */
@SpringBootApplication
@EnableConfigurationProperties(BenchmarkProperties.class)
public class BenchmarkClient {

	// above the callers of the largest workload, so that nobody waits for a connection
	private static final int CONNECTIONS = 128;

	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(BenchmarkClient.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setDefaultProperties(Map.of("spring.jmx.enabled", "false"));
		SpringApplication.exit(application.run(args));
	}

	@Bean
	ApplicationRunner benchmark(@RpcReference("orders") BenchmarkService rpc, HttpBenchmarkService http,
			BenchmarkProperties properties) {
		return new Benchmark(rpc, http, properties);
	}

	@Bean(destroyMethod = "close")
	CloseableHttpClient httpClient() {
		return HttpClients.custom()
			.setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
				.setMaxConnPerRoute(CONNECTIONS)
				.setMaxConnTotal(CONNECTIONS)
				.setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
				.build())
			.disableAutomaticRetries()
			.disableAuthCaching()
			.disableContentCompression()
			.disableCookieManagement()
			.disableRedirectHandling()
			.build();
	}

	// Boot's builder: observed, as ours is
	@Bean
	HttpBenchmarkService httpBenchmarkService(RestClient.Builder builder, CloseableHttpClient httpClient,
			@Value("${benchmark.url}") String url) {
		RestClient client = builder.baseUrl(url)
			.requestFactory(new HttpComponentsClientHttpRequestFactory(httpClient))
			.build();
		return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client))
			.build()
			.createClient(HttpBenchmarkService.class);
	}

}
