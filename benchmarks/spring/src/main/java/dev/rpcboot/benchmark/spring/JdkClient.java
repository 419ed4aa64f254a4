package dev.rpcboot.benchmark.spring;

import java.net.http.HttpClient;

import org.springframework.http.client.JdkClientHttpRequestFactory;

/**
 * Over the JDK's client, which knows no bound of connections.
 */
public final class JdkClient extends HttpServiceClient {

	/**
	 * Starts an application.
	 */
	public JdkClient(int port) {
		super(port,
				new JdkClientHttpRequestFactory(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()));
	}

}
