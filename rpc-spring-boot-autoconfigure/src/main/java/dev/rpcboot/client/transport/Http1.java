package dev.rpcboot.client.transport;

import java.util.List;

import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.HttpsSupport;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.ssl.SSLContexts;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/**
 * How the HTTP library is set up, for both ways of using it.
 */
final class Http1 {

	/** Bounds what a head may cost, whoever sends it. */
	static final Http1Config CONFIG = Http1Config.custom().setMaxHeaderCount(100).setMaxLineLength(16 * 1024).build();

	// Asking a live connection whether it is stale costs a millisecond, a read with that
	// timeout: only one that was idle for a while is asked.
	private static final TimeValue ASK_AFTER = TimeValue.ofSeconds(1);

	private Http1() {
	}

	static ConnectionConfig connections() {
		// how long an idle connection is kept is for KeepAlive to say: the builder knows
		// it
		// only since HttpComponents 5.6, and Spring Boot 4.0 brings 5.5
		return ConnectionConfig.custom().setValidateAfterInactivity(ASK_AFTER).build();
	}

	/**
	 * TLS with both checks of the host's name: the JDK's alone, the library's default, is
	 * lost on the event loop, which sets it on parameters that it has applied already.
	 */
	static DefaultClientTlsStrategy tls(@Nullable TlsMaterial material) {
		TlsMaterial tls = (material != null) ? material
				: new TlsMaterial(SSLContexts.createSystemDefault(), null, null);
		return new DefaultClientTlsStrategy(tls.context(), array(tls.protocols()), array(tls.ciphers()),
				SSLBufferMode.STATIC, HostnameVerificationPolicy.BOTH, HttpsSupport.getDefaultHostnameVerifier());
	}

	private static String @Nullable [] array(@Nullable List<String> names) {
		return (names != null) ? names.toArray(String[]::new) : null;
	}

}
