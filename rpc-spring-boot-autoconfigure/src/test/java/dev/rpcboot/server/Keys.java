package dev.rpcboot.server;

import java.util.UUID;

/**
 * Requests with idempotency keys.
 */
final class Keys {

	private Keys() {
	}

	static String fresh() {
		return "\"" + UUID.randomUUID() + "\"";
	}

	static String request(String method, String params) {
		return "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":[" + params + "],\"id\":1}";
	}

}
