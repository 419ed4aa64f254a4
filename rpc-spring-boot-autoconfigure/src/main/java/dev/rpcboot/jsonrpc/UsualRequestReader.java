package dev.rpcboot.jsonrpc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.jsonrpc.JsonRpcMessage.Batch;
import dev.rpcboot.jsonrpc.JsonRpcMessage.Call;
import dev.rpcboot.jsonrpc.JsonRpcMessage.Entry;
import dev.rpcboot.jsonrpc.JsonRpcMessage.Single;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;

/**
 * Parses bodies of requests that are written as a {@link ClientCodec} and a
 * {@link CoalescedCodec} write them, which are nearly all, and leaves others to a
 * {@link JsonRpcReader}, as it does with those that have to be refused. Safe for
 * concurrent use.
 */
final class UsualRequestReader {

	private static final byte[] BEFORE_METHOD = ",\"method\":".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] BEFORE_PARAMS = ",\"params\":".getBytes(StandardCharsets.US_ASCII);

	private final JsonRpcLimits limits;

	private final StreamReadConstraints constraints;

	UsualRequestReader(JsonRpcLimits limits, StreamReadConstraints constraints) {
		this.limits = limits;
		this.constraints = constraints;
	}

	/**
	 * Parses a body; {@code null} if that is for another to do.
	 */
	@Nullable JsonRpcMessage read(byte[] body) {
		UsualScanner scanner = new UsualScanner(body, this.constraints);
		if (!scanner.skip('[')) {
			Call call = call(scanner);
			return (call != null && scanner.isWholeUtf8()) ? new Single(call) : null;
		}
		List<Entry> entries = new ArrayList<>();
		do {
			Call call = call(scanner);
			if (call == null || entries.size() == this.limits.maxBatchSize()) {
				return null;
			}
			entries.add(call);
		}
		while (scanner.skip(','));
		return (scanner.skip(']') && scanner.isWholeUtf8()) ? new Batch(entries) : null;
	}

	private @Nullable Call call(UsualScanner scanner) {
		RawJson id = scanner.skip(ClientCodec.BEFORE_ID) ? scanner.value() : null;
		if (id == null || !JsonRpcReader.isId(id, this.limits)) {
			return null;
		}
		String method = scanner.skip(BEFORE_METHOD) ? scanner.text(this.limits.maxMethodLength()) : null;
		RawJson params = scanner.skip(BEFORE_PARAMS) ? scanner.value() : null;
		if (method == null || params == null || !(params.startsWith('[') || params.startsWith('{'))) {
			return null;
		}
		RpcHeaders headers = scanner.skip(CoalescedCodec.BEFORE_HEADERS) ? headers(scanner) : RpcHeaders.EMPTY;
		return (headers != null && scanner.skip('}')) ? new Call(id, method, params, false, headers) : null;
	}

	private @Nullable RpcHeaders headers(UsualScanner scanner) {
		List<String> entries = new ArrayList<>();
		char separator = '{';
		while (scanner.skip(separator)) {
			String name = scanner.text(this.limits.maxNameLength());
			String value = scanner.skip(':') ? scanner.text(JsonRpcReader.MAX_HEADER_LENGTH) : null;
			if (name == null || value == null || !JsonRpcReader.isOwnHeader(name, value) || entries.contains(name)) {
				return null;
			}
			entries.add(name);
			entries.add(value);
			separator = ',';
		}
		return (!entries.isEmpty() && scanner.skip('}')) ? RpcHeaders.of(entries.toArray(String[]::new)) : null;
	}

}
