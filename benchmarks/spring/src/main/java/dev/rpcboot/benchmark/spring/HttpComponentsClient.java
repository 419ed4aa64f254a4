package dev.rpcboot.benchmark.spring;

import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;

import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;

/**
 * Over HttpComponents, without what is of no use here.
 */
public final class HttpComponentsClient extends HttpServiceClient {

	/**
	 * Starts an application.
	 */
	public HttpComponentsClient(int port) {
		super(port, new HttpComponentsClientHttpRequestFactory(httpClient()));
	}

	static HttpClient httpClient() {
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

}
