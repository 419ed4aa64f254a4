package dev.rpcboot.server.servlet;

import java.io.IOException;

import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * Does on Tomcat what the servlet behind all filters cannot: it tells when they have
 * returned, and closes the connection of a request that was given up. Tomcat would go on
 * to read what is left of its body, up to 2 MB, and a body that drips would hold a thread
 * for as long as it likes.
 *
 * @since 0.1
 */
public final class TomcatValve extends ValveBase {

	public TomcatValve() {
		super(true);
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		FilterChainEnd.expect(request);
		try {
			getNext().invoke(request, response);
		}
		finally {
			if (FilterChainEnd.isGivenUp(request)) {
				response.getCoyoteResponse().action(ActionCode.CLOSE_NOW, null);
			}
			FilterChainEnd.tell(request);
		}
	}

}
