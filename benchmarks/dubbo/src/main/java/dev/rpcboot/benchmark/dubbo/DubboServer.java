package dev.rpcboot.benchmark.dubbo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

import dev.rpcboot.benchmark.OrderDesk;
import dev.rpcboot.benchmark.Orders;
import dev.rpcboot.benchmark.peer.PeerServer;
import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.ProtocolConfig;
import org.apache.dubbo.config.RegistryConfig;
import org.apache.dubbo.config.ServiceConfig;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;

/**
 * Serves with the fixed pool of threads that is its default.
 */
public final class DubboServer implements PeerServer {

	@Override
	public int start() throws IOException {
		ProtocolConfig protocol = new ProtocolConfig(System.getProperty("benchmark.protocol"), freePort());
		protocol.setHost("127.0.0.1");
		protocol.setThreadpool("fixed");
		protocol.setThreads(THREADS);
		ServiceConfig<Orders> service = new ServiceConfig<>();
		service.setInterface(Orders.class);
		service.setRef(new OrderDesk());
		ApplicationConfig application = new ApplicationConfig("orders");
		// a port for operators that nobody needs here
		application.setQosEnable(false);
		DubboBootstrap.getInstance()
			.application(application)
			.registry(new RegistryConfig(RegistryConfig.NO_AVAILABLE))
			.protocol(protocol)
			.service(service)
			.start();
		return protocol.getPort();
	}

	// it takes no port 0
	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

}
