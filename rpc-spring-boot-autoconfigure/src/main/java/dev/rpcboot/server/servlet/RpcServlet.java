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
			refuse(refused.answer(), head, request, response);
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
			refuse(dispatcher.overloaded(), admitted.head(), request, response);
			return;
		}
		catch (SocketTimeoutException | RequestMemory.TooSlowException ex) {
			giveUp(dispatcher.tooLate(), request, response);
			return;
		}
		catch (IOException ex) {
			logger.debug("A request body could not be read: {}", ex.toString());
			giveUp(dispatcher.unreadable(), request, response);
			return;
		}
		if (body == null) {
			refuse(dispatcher.tooLarge(), admitted.head(), request, response);
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
		answer.thenCombine(FilterChainEnd.await(request), (ready, filters) -> ready).thenAccept((ready) -> {
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

	private static void refuse(HttpAnswer answer, RequestHead head, HttpServletRequest request,
			HttpServletResponse response) {
		if (UnwantedBody.isWorthReading(head) && RequestBody.drain(request, UnwantedBody.MAX_SIZE)) {
			send(answer, response);
		}
		else if (!head.values("Expect").isEmpty()) {
			// it was not asked for its body
			send(answer.closing(), response);
		}
		else {
			giveUp(answer, request, response);
		}
	}

	/**
	 * Answers, and reads on for a moment so that the answer is not lost, but no longer.
	 */
	private static void giveUp(HttpAnswer answer, HttpServletRequest request, HttpServletResponse response) {
		send(answer.closing(), response);
		try {
			response.flushBuffer();
		}
		catch (IOException ex) {
			logger.debug("An answer could not be sent: {}", ex.toString());
		}
		if (!RequestBody.drain(request, UnwantedBody.MAX_SIZE_BEHIND_ANSWER)) {
			FilterChainEnd.giveUp(request);
		}
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
