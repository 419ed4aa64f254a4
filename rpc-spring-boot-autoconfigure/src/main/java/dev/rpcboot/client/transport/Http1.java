package dev.rpcboot.client.transport;

import java.util.List;

import dev.rpcboot.client.RpcTransport.Settings;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
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

	static ConnectionConfig connections(Settings settings) {
		return ConnectionConfig.custom()
			.setValidateAfterInactivity(ASK_AFTER)
			.setIdleTimeout(Timeout.of(settings.idleTimeout()))
			.build();
	}

	static DefaultClientTlsStrategy tls(@Nullable TlsMaterial material) {
		if (material == null) {
			return DefaultClientTlsStrategy.createSystemDefault();
		}
		return new DefaultClientTlsStrategy(material.context(), array(material.protocols()), array(material.ciphers()),
				SSLBufferMode.STATIC, HostnameVerificationPolicy.BUILTIN, null);
	}

	private static String @Nullable [] array(@Nullable List<String> names) {
		return (names != null) ? names.toArray(String[]::new) : null;
	}

}
