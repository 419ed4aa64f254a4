package dev.rpcboot.server.servlet;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import dev.rpcboot.server.Admission;
import dev.rpcboot.server.EventStream;
import dev.rpcboot.server.HttpAnswer;
import dev.rpcboot.server.RequestHead;
import dev.rpcboot.server.RequestMemory;
import dev.rpcboot.server.RpcDispatcher;
import dev.rpcboot.server.UnwantedBody;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoint on a servlet container: behind its filters, Spring Security's among them,
 * but not behind {@code DispatcherServlet}, which would cost a good part of a small call.
 * It never lets the container make an answer of its own.
 *
 * @since 0.1
 */
public final class RpcServlet extends HttpServlet {

	private static final long serialVersionUID = 1L;

	private static final Logger logger = LoggerFactory.getLogger(RpcServlet.class);

	private final transient Supplier<RpcDispatcher> dispatcher;

	/**
	 * Creates one.
	 * @param dispatcher answers requests; asked for when the first one comes, because the
	 * container makes its servlets before the application has made its beans
	 */
	public RpcServlet(Supplier<RpcDispatcher> dispatcher) {
		this.dispatcher = dispatcher;
	}

	@Override
	protected void service(HttpServletRequest request, HttpServletResponse response) {
		RpcDispatcher dispatcher = this.dispatcher.get();
		RequestHead head = head(request);
		Admission admission = dispatcher.admit(head);
		if (admission instanceof Admission.Refused refused) {
			send(refused(head, request, refused.answer()), response);
		}
		else if (admission instanceof Admission.Admitted admitted) {
			serve(dispatcher, admitted, request, response);
		}
	}

	private static void serve(RpcDispatcher dispatcher, Admission.Admitted admitted, HttpServletRequest request,
			HttpServletResponse response) {
		byte[] body;
		try (RequestMemory.Share memory = dispatcher.requestMemory().open()) {
			body = RequestBody.read(request, dispatcher.maxRequestSize(), memory, admitted.deadline());
		}
		catch (RequestMemory.ExhaustedException ex) {
			send(refused(admitted.head(), request, dispatcher.overloaded()), response);
			return;
		}
		catch (SocketTimeoutException ex) {
			send(dispatcher.tooLate().closing(), response);
			return;
		}
		catch (IOException ex) {
			logger.debug("A request body could not be read: {}", ex.toString());
			send(dispatcher.unreadable().closing(), response);
			return;
		}
		if (body == null) {
			send(refused(admitted.head(), request, dispatcher.tooLarge()), response);
			return;
		}
		try {
			CompletableFuture<HttpAnswer> answer = dispatcher.dispatch(admitted, body, request.getUserPrincipal(), null)
				.toCompletableFuture();
			if (answer.isDone() && answer.join().events() == null) {
				send(answer.join(), response);
			}
			else {
				sendLater(answer, request, response);
			}
		}
		catch (RuntimeException ex) {
			// filters wrap requests in their own, which may fail at any question
			send(dispatcher.failed(ex), response);
		}
	}

	private static void sendLater(CompletableFuture<HttpAnswer> answer, HttpServletRequest request,
			HttpServletResponse response) {
		AsyncContext async = startAsync(answer, request, response);
		// every call has a deadline of its own, which is more exact than the container's
		async.setTimeout(0);
		LeavingCaller caller = new LeavingCaller(answer);
		async.addListener(caller);
		// writing blocks, which the thread that completes a bean's future must not suffer
		answer.thenAccept((ready) -> {
			EventStream events = ready.events();
			if (events != null) {
				caller.handOver(async, events, () -> {
					sendHead(ready, response);
					EventWriter.start(events, async);
				});
			}
			else {
				async.start(() -> caller.ifPresent(async, () -> send(ready, response)));
			}
		});
	}

	private static AsyncContext startAsync(CompletableFuture<HttpAnswer> answer, HttpServletRequest request,
			HttpServletResponse response) {
		try {
			return request.startAsync(request, response);
		}
		catch (RuntimeException ex) {
			answer.cancel(false);
			answer.thenAccept((ready) -> {
				if (ready.events() != null) {
					ready.events().cancel();
				}
			});
			throw ex;
		}
	}

	private static HttpAnswer refused(RequestHead head, HttpServletRequest request, HttpAnswer answer) {
		return (UnwantedBody.isWorthReading(head) && RequestBody.drain(request)) ? answer : answer.closing();
	}

	private static void sendHead(HttpAnswer answer, HttpServletResponse response) {
		response.setStatus(answer.status());
		answer.headers().forEach(response::setHeader);
	}

	private static void send(HttpAnswer answer, HttpServletResponse response) {
		sendHead(answer, response);
		try {
			if (answer.body().length > 0) {
				response.setContentLength(answer.body().length);
				response.getOutputStream().write(answer.body());
			}
		}
		catch (IOException ex) {
			logger.debug("An answer could not be sent: {}", ex.toString());
		}
	}

	private static RequestHead head(HttpServletRequest request) {
		List<RequestHead.Header> headers = new ArrayList<>();
		for (String name : Collections.list(request.getHeaderNames())) {
			request.getHeaders(name)
				.asIterator()
				.forEachRemaining((value) -> headers.add(new RequestHead.Header(name, value)));
		}
		String path = request.getRequestURI().substring(request.getContextPath().length());
		return new RequestHead(request.getMethod(), path, headers);
	}

}
