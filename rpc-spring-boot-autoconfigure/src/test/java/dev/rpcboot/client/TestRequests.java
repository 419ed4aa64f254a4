package dev.rpcboot.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import dev.rpcboot.Idempotency;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcMethod;
import dev.rpcboot.call.Contract;
import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.jsonrpc.ClientCodec;
import dev.rpcboot.jsonrpc.JsonRpcAnswer;
import dev.rpcboot.jsonrpc.JsonRpcLimits;
import dev.rpcboot.jsonrpc.JsonRpcMapper;
import dev.rpcboot.jsonrpc.MalformedAnswerException;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Requests as a reference would make them, for tests of single stages.
 */
public final class TestRequests {

	public static final JsonRpcMapper MAPPER = JsonRpcMapper.create(JsonRpcLimits.DEFAULTS, List.of());

	public static final RpcTransport.Settings TRANSPORT = new RpcTransport.Settings(Duration.ofSeconds(1), 64,
			Duration.ofSeconds(10), DataSize.ofMegabytes(16), null);

	public static final CallSettings SETTINGS = new CallSettings(Duration.ofSeconds(5), 3, null,
			new CallSettings.CircuitBreaker("warehouse", 20, 10, 50, 100, Duration.ofSeconds(4), Duration.ofSeconds(5),
					3),
			URI.create("http://127.0.0.1:1"), "/rpc", TRANSPORT, Duration.ofSeconds(30), CallSettings.Compression.NONE,
			false, Resilience.DEFAULTS);

	private TestRequests() {
	}

	/** Those of calls that were sent together. */
	public static List<RpcConnectionException> lostTogether(int calls) {
		SharedLossException.Counted counted = new SharedLossException.Counted();
		return IntStream.range(0, calls)
			.mapToObj((i) -> new RpcConnectionException("lost", new SharedLossException(null, counted)))
			.toList();
	}

	public static RpcRequest of(String method, @Nullable Object... arguments) {
		return with((settings) -> settings, method, arguments);
	}

	public static RpcRequest with(UnaryOperator<CallSettings> change, String method, @Nullable Object... arguments) {
		CallSettings settings = change.apply(SETTINGS);
		return in(new CallContext(Deadline.after(settings.timeout(), NanoClock.SYSTEM), true, Runnable::run), settings,
				method, arguments);
	}

	public static RpcRequest in(CallContext context, CallSettings settings, String method,
			@Nullable Object... arguments) {
		ContractMethod contract = Contract.of(Stock.class).method(method);
		WireForm form = new CallForm(contract, new ClientCodec(MAPPER, contract), settings.cache() != null);
		return new RpcRequest(new ClientMethod(contract, "warehouse", settings, form), arguments, context);
	}

	/** An answer whose result is the given JSON. */
	public static RpcResponse answer(String json) {
		ClientCodec codec = new ClientCodec(MAPPER, Contract.of(Stock.class).method("find"));
		byte[] body = ("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" + json + "}").getBytes(StandardCharsets.UTF_8);
		try {
			return new RpcResponse(((JsonRpcAnswer.Success) codec.readAnswer(body, 1)).result(), RpcHeaders.EMPTY);
		}
		catch (MalformedAnswerException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	public static CallSettings cached(CallSettings settings, CallSettings.Cache cache) {
		return new CallSettings(settings.timeout(), settings.maxAttempts(), cache, settings.circuitBreaker(),
				settings.url(), settings.path(), settings.transport(), settings.streamIdleTimeout(),
				settings.compression(), settings.coalescing(), settings.resilience());
	}

	public static CallSettings resilient(CallSettings settings, Resilience resilience) {
		return new CallSettings(settings.timeout(), settings.maxAttempts(), settings.cache(), settings.circuitBreaker(),
				settings.url(), settings.path(), settings.transport(), settings.streamIdleTimeout(),
				settings.compression(), settings.coalescing(), resilience);
	}

	/** Of a target whose instances the load balancer knows. */
	public static CallSettings balanced(CallSettings settings) {
		return new CallSettings(settings.timeout(), settings.maxAttempts(), settings.cache(), settings.circuitBreaker(),
				null, settings.path(), settings.transport(), settings.streamIdleTimeout(), settings.compression(),
				settings.coalescing(), settings.resilience());
	}

	public interface Stock {

		@RpcMethod(idempotency = Idempotency.KEYED)
		void order(String sku, int quantity);

		String reserve(String sku, int quantity) throws OutOfStockException;

		@RpcMethod(idempotency = Idempotency.IDEMPOTENT)
		void put(String sku, int quantity);

		@RpcMethod(idempotency = Idempotency.SAFE)
		String find(String sku);

	}

	public static class OutOfStockException extends Exception {

		private static final long serialVersionUID = 1L;

		private final int left;

		public OutOfStockException(int left) {
			super(left + " left");
			this.left = left;
		}

		public int left() {
			return this.left;
		}

	}

}
