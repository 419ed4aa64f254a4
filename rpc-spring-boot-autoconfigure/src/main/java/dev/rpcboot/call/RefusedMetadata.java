package dev.rpcboot.call;

import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Names that metadata may not have: what goes under them ends in logs and on other
 * machines, or changes what others make of a request.
 */
final class RefusedMetadata {

	/** A word of the name, between characters that are no letters or digits. */
	private static final Pattern CREDENTIALS = Pattern
		.compile("(.*[^a-z0-9])?(authorization|authenticate|authentication|cookie2?|password|passwd|passphrase|secret"
				+ "|credentials?|jwt|bearer|dpop|api[^a-z0-9]?key|(private|subscription|functions|access|signing)[^a-z0-9]?key"
				+ "|(auth|access|id|refresh|session|security|csrf|xsrf|private|vault|consul|api|gitlab|job|bearer)"
				+ "[^a-z0-9]?token|session[^a-z0-9]?id|client[^a-z0-9]?cert|(iap[^a-z0-9]?jwt)[^a-z0-9]assertion)"
				+ "([^a-z0-9].*)?");

	private static final Set<String> HTTP = Set.of("host", "connection", "keep-alive", "te", "trailer",
			"transfer-encoding", "upgrade", "expect", "via", "forwarded", "accept", "origin", "referer", "user-agent",
			"x-real-ip", "x-client-ip", "true-client-ip", "x-http-method-override", "x-original-url", "x-rewrite-url");

	private static final Set<String> HTTP_PREFIXES = Set.of("content-", "accept-", "x-forwarded-", "proxy-", "sec-",
			"access-control-");

	private static final Set<String> PROTOCOL = Set.of("token", "traceparent", "tracestate", "baggage", "b3",
			"uber-trace-id", "idempotency-key");

	private static final Set<String> PROTOCOL_PREFIXES = Set.of("rpc-", "x-b3-", "grpc-");

	private RefusedMetadata() {
	}

	/**
	 * Why the name is refused, or {@code null} if it is not.
	 * @param name in lower case
	 */
	static @Nullable String reason(String name) {
		if (CREDENTIALS.matcher(name).matches()) {
			return "carries credentials, which go into a header of their own by an interceptor";
		}
		if (HTTP.contains(name) || HTTP_PREFIXES.stream().anyMatch(name::startsWith)) {
			return "belongs to HTTP";
		}
		if (PROTOCOL.contains(name) || PROTOCOL_PREFIXES.stream().anyMatch(name::startsWith)) {
			return "belongs to the protocol or to tracing";
		}
		return null;
	}

}
