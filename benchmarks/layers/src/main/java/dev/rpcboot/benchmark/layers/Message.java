package dev.rpcboot.benchmark.layers;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import dev.rpcboot.benchmark.OrderDesk;
import dev.rpcboot.benchmark.Orders;
import dev.rpcboot.benchmark.PurchaseOrder;
import dev.rpcboot.call.Contract;
import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.jsonrpc.AnswerTooLargeException;
import dev.rpcboot.jsonrpc.ClientCodec;
import dev.rpcboot.jsonrpc.JsonRpcLimits;
import dev.rpcboot.jsonrpc.JsonRpcMapper;
import dev.rpcboot.jsonrpc.RawJson;
import dev.rpcboot.jsonrpc.ServerCodec;

/**
 * A call of each size, with all that is prepared for it.
 */
public enum Message {

	/** A short text in and out. */
	GREET("world", "Hello, world"),

	/** 1 KB in and out. */
	SAVE(PurchaseOrder.sample(), PurchaseOrder.sample().confirmed()),

	/** 100 KB out. */
	LIST(OrderDesk.LISTED, new OrderDesk().list(OrderDesk.LISTED));

	static final long LIMIT = 16 * 1024 * 1024;

	static final long ID = 42;

	static final RawJson RAW_ID = new RawJson("42".getBytes(StandardCharsets.US_ASCII), 0, 2);

	final String method = name().toLowerCase(Locale.ROOT);

	final ClientCodec client;

	final ServerCodec server;

	final Object[] arguments;

	final Object result;

	final byte[] request;

	final byte[] answer;

	Message(Object argument, Object result) {
		JsonRpcMapper mapper = JsonRpcMapper.create(JsonRpcLimits.DEFAULTS, List.of());
		ContractMethod method = Objects.requireNonNull(Contract.of(Orders.class).method(this.method));
		this.client = new ClientCodec(mapper, method);
		this.server = new ServerCodec(mapper, method);
		this.arguments = new Object[] { argument };
		this.result = result;
		this.request = this.client.encodeRequest(42, this.arguments);
		try {
			this.answer = this.server.encodeResult(new RawJson(new byte[] { '4', '2' }, 0, 2), result, 1 << 24);
		}
		catch (AnswerTooLargeException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
