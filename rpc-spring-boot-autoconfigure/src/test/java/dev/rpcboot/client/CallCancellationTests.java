package dev.rpcboot.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

import dev.rpcboot.RpcMethod;
import dev.rpcboot.call.Contract;
import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.jsonrpc.ClientCodec;
import dev.rpcboot.jsonrpc.EncodedResult;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * When a server is told that a call was cancelled, and when it is not.
 */
class CallCancellationTests {

	private static final String ID = "0123456789abcdefghijkl";

	private final List<RpcTransport.Message> sent = new ArrayList<>();

	private CompletableFuture<RpcTransport.Answer> answer = new CompletableFuture<>();

	private final CallCancellation cancellation = new CallCancellation((message, context) -> {
		this.sent.add(message);
		return this.answer;
	});

	private final CompletableFuture<RpcResponse> response = new CompletableFuture<>();

	@Test
	void everyCallHasAnIdOfItsOwn() {
		Set<String> ids = new HashSet<>();
		for (int i = 0; i < 1000; i++) {
			ids.add(this.cancellation.idFor(request("find")));
		}

		assertThat(ids).hasSize(1000).allMatch((id) -> id.matches("[A-Za-z0-9_-]{22}"));
	}

	@Test
	void aOneWayCallHasNone() {
		assertThat(this.cancellation.idFor(request("note"))).isNull();
	}

	@Test
	void tellsOfACallThatWasSentAndCancelled() {
		RpcRequest request = watched("find");
		request.context().markSent();

		cancel(request);

		assertThat(this.sent).singleElement().satisfies((message) -> {
			assertThat(new String(message.body(), StandardCharsets.US_ASCII))
				.isEqualTo("{\"jsonrpc\":\"2.0\",\"method\":\"rpc.cancel\",\"params\":[\"" + ID + "\"]}");
			assertThat(message.uri()).isEqualTo(URI.create("http://127.0.0.1:1/rpc/Desk"));
			assertThat(message.headers().first("Authorization")).isEqualTo("Bearer token");
			assertThat(message.headers().first(RpcHeaders.METHOD)).isEqualTo("rpc.cancel");
			assertThat(message.headers().first(RpcHeaders.CALL_ID)).isNull();
		});
	}

	@Test
	void tellsOfItOnce() {
		RpcRequest request = watched("find");
		request.context().markSent();

		cancel(request);
		request.context().cancel();
		this.response.completeExceptionally(new CancellationException());

		assertThat(this.sent).hasSize(1);
	}

	@Test
	void saysNothingOfACallThatWasNotSent() {
		RpcRequest request = watched("find");

		cancel(request);

		assertThat(this.sent).isEmpty();
	}

	@Test
	void saysNothingAtADeadline() {
		RpcRequest request = watched("find");
		request.context().markSent();

		request.context().expire();
		this.response.completeExceptionally(new CancellationException());

		assertThat(this.sent).isEmpty();
	}

	@Test
	void saysNothingOfACallThatHasSucceededOrFailed() {
		RpcRequest request = watched("find");
		request.context().markSent();
		this.response.complete(TestRequests.answer("\"a\""));
		request.context().cancel();
		CompletableFuture<RpcResponse> other = new CompletableFuture<>();
		RpcRequest failed = request("find");
		failed.context().markSent();
		this.cancellation.watch(other, failed, ID, message(failed));

		other.completeExceptionally(new IllegalStateException());
		failed.context().cancel();

		assertThat(this.sent).isEmpty();
	}

	@Test
	void tellsOfAStreamThatIsCancelledInTheMiddle() {
		RpcRequest request = watched("find");
		request.context().markSent();
		Items items = new Items();
		request.context().startStreaming();
		this.response.complete(new RpcResponse(EncodedResult.NULL, RpcHeaders.EMPTY, items));
		assertThat(this.sent).isEmpty();

		request.context().cancel();
		items.over.completeExceptionally(new CancellationException());

		assertThat(this.sent).hasSize(1);
	}

	@Test
	void saysNothingOfAStreamThatHasEnded() {
		RpcRequest request = watched("find");
		request.context().markSent();
		Items items = new Items();
		request.context().startStreaming();
		this.response.complete(new RpcResponse(EncodedResult.NULL, RpcHeaders.EMPTY, items));

		items.over.complete(null);
		request.context().cancel();

		assertThat(this.sent).isEmpty();
	}

	@Test
	void nobodyIsToldIfItCannotBeSent() {
		CallCancellation closed = new CallCancellation((message, context) -> {
			throw new IllegalStateException("The transport is closed");
		});
		RpcRequest request = request("find");
		request.context().markSent();
		closed.watch(this.response, request, ID, message(request));
		this.answer = CompletableFuture.failedFuture(new IllegalStateException());

		assertThatCode(() -> cancel(request)).doesNotThrowAnyException();
	}

	private void cancel(RpcRequest request) {
		request.context().cancel();
		this.response.completeExceptionally(new CancellationException());
	}

	private RpcRequest watched(String method) {
		RpcRequest request = request(method);
		this.cancellation.watch(this.response, request, ID, message(request));
		return request;
	}

	private static RpcTransport.Message message(RpcRequest request) {
		return new RpcTransport.Message(URI.create("http://127.0.0.1:1/rpc/Desk"),
				request.headers().with(RpcHeaders.CALL_ID, ID), new byte[0], TestRequests.TRANSPORT, "Desk");
	}

	private static RpcRequest request(String name) {
		ContractMethod method = Contract.of(Desk.class).method(name);
		ClientCodec codec = new ClientCodec(TestRequests.MAPPER, method);
		CallContext context = new CallContext(Deadline.after(Duration.ofSeconds(5), NanoClock.SYSTEM), false,
				Runnable::run);
		return new RpcRequest(
				new ClientMethod(method, "desk", TestRequests.SETTINGS, new CallForm(method, codec, false)),
				new @Nullable Object[] { "a" }, context)
			.withHeader("Authorization", "Bearer token");
	}

	interface Desk {

		String find(String name);

		@RpcMethod(oneWay = true)
		void note(String text);

	}

	private static final class Items implements ResultItems {

		private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();

		@Override
		public CompletableFuture<@Nullable Void> over() {
			return this.over;
		}

		@Override
		public void next(Receiver<? super EncodedResult> receiver) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void cancel() {
			throw new UnsupportedOperationException();
		}

		@Override
		public void refuse(Throwable failure) {
			throw new UnsupportedOperationException();
		}

	}

}
