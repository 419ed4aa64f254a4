package dev.rpcboot.server.servlet;

import java.io.IOException;

import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * Closes the connection of a request that was given up. Tomcat would go on to read what
 * is left of its body, up to 2 MB, and a body that drips would hold a thread for as long
 * as it likes.
 *
 * @since 0.1
 */
public final class ClosingValve extends ValveBase {

	public ClosingValve() {
		super(true);
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		getNext().invoke(request, response);
		if (request.getAttribute(RpcServlet.GIVEN_UP) != null) {
			response.getCoyoteResponse().action(ActionCode.CLOSE_NOW, null);
		}
	}

}
