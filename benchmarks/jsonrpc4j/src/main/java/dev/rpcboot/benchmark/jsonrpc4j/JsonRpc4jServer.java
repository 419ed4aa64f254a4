package dev.rpcboot.benchmark.jsonrpc4j;

import java.io.IOException;
import java.nio.file.Files;

import com.googlecode.jsonrpc4j.JsonRpcBasicServer;
import dev.rpcboot.benchmark.OrderDesk;
import dev.rpcboot.benchmark.Orders;
import dev.rpcboot.benchmark.peer.PeerServer;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/**
 * A servlet on Tomcat, whose default is as many threads as the others have.
 */
public final class JsonRpc4jServer implements PeerServer {

	@Override
	public int start() throws IOException, LifecycleException {
		Tomcat tomcat = new Tomcat();
		tomcat.setBaseDir(Files.createTempDirectory("benchmark").toString());
		Connector connector = new Connector();
		connector.setPort(0);
		connector.setProperty("address", "127.0.0.1");
		connector.setProperty("maxKeepAliveRequests", "-1");
		tomcat.setConnector(connector);
		Context context = tomcat.addContext("", null);
		Tomcat.addServlet(context, "orders", new OrdersServlet());
		context.addServletMappingDecoded("/orders", "orders");
		tomcat.start();
		return connector.getLocalPort();
	}

	private static final class OrdersServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		// its own handling of servlets needs classes of two APIs and of portlets
		private final transient JsonRpcBasicServer server = new JsonRpcBasicServer(Mapper.create(), new OrderDesk(),
				Orders.class);

		@Override
		protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
			response.setContentType(JsonRpcBasicServer.JSONRPC_CONTENT_TYPE);
			this.server.handleRequest(request.getInputStream(), response.getOutputStream());
		}

	}

}
