package dev.rpcboot.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

import dev.rpcboot.RpcViolation;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.JsonRpcError;
import dev.rpcboot.jsonrpc.RawJson;
import dev.rpcboot.server.idempotency.KeyedCall;

/**
 * Reads idempotency keys. A key belongs to its caller and its method: nobody can learn
 * what another was answered by guessing a key.
 */
final class IdempotencyKeys {

	/**
	 * A string of structured fields, by RFC 8941: a quotation mark or backslash in it has
	 * a backslash before it.
	 */
	private static final Pattern KEY = Pattern.compile("\"(?:[\\x21\\x23-\\x5B\\x5D-\\x7E]|\\\\[\"\\\\]){16,64}\"");

	private static final JsonRpcError REFUSED = JsonRpcError.of(RpcStatus.INVALID_REQUEST)
		.withViolations(List.of(new RpcViolation(RpcHeaders.IDEMPOTENCY_KEY, "Required",
				"must be a header of a request that is no batch: 16 to 64 visible ASCII characters in double quotes")));

	private IdempotencyKeys() {
	}

	/**
	 * What identifies a call of a keyed method.
	 * @throws RpcCallException if it has no key, or a malformed one, or shares the header
	 * with others
	 */
	static KeyedCall of(RpcInvocation invocation) {
		List<String> keys = invocation.source().head().values(RpcHeaders.IDEMPOTENCY_KEY);
		if (keys.size() != 1 || !KEY.matcher(keys.get(0)).matches() || !invocation.isSingle()) {
			throw new RpcCallException(REFUSED);
		}
		return new KeyedCall(id(keys.get(0), invocation), fingerprint(invocation), invocation.deadline());
	}

	private static String id(String key, RpcInvocation invocation) {
		MessageDigest digest = sha256();
		// the others cannot contain a line break, and the name stands last
		digest.update((key + '\n' + invocation.method().fullName() + '\n').getBytes(StandardCharsets.US_ASCII));
		Principal caller = invocation.principal();
		if (caller != null) {
			// nobody is not the same as somebody without a name
			digest.update((byte) '=');
			digest.update(caller.getName().getBytes(StandardCharsets.UTF_8));
		}
		return HexFormat.of().formatHex(digest.digest());
	}

	private static String fingerprint(RpcInvocation invocation) {
		MessageDigest digest = sha256();
		RawJson params = invocation.params();
		if (params != null) {
			digest.update(params.bytes(), params.from(), params.to() - params.from());
		}
		return HexFormat.of().formatHex(digest.digest());
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
