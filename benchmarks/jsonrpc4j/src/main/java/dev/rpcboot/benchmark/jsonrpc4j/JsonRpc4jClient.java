package dev.rpcboot.benchmark.jsonrpc4j;

import java.net.MalformedURLException;
import java.net.URI;
import java.util.Map;

import com.googlecode.jsonrpc4j.JsonRpcHttpClient;
import com.googlecode.jsonrpc4j.ProxyUtil;
import dev.rpcboot.benchmark.Orders;
import dev.rpcboot.benchmark.peer.JavaClient;

/**
 * Calls through a proxy on the client over {@code HttpURLConnection}.
 */
public final class JsonRpc4jClient implements JavaClient {

	private final Orders orders;

	/**
	 * Connects when it is needed.
	 */
	public JsonRpc4jClient(int port) throws MalformedURLException {
		JsonRpcHttpClient client = new JsonRpcHttpClient(Mapper.create(),
				URI.create("http://127.0.0.1:" + port + "/orders").toURL(), Map.of());
		this.orders = ProxyUtil.createClientProxy(getClass().getClassLoader(), Orders.class, client);
	}

	@Override
	public Orders orders() {
		return this.orders;
	}

	@Override
	public void close() {
		// its connections end with the process
	}

}
