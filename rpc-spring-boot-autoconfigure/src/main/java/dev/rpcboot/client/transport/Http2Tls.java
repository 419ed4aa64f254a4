package dev.rpcboot.client.transport;

import java.util.List;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.ssl.SSLContexts;
import org.jspecify.annotations.Nullable;

/**
 * TLS with which both sides agree on HTTP/2.
 */
final class Http2Tls {

	private static final ApplicationProtocolConfig HTTP_2 = new ApplicationProtocolConfig(Protocol.ALPN,
			SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT,
			ApplicationProtocolNames.HTTP_2);

	private Http2Tls() {
	}

	/**
	 * How to speak it with a bundle's material, or with the JDK's own.
	 */
	static SslContext context(@Nullable TlsMaterial material) {
		TlsMaterial tls = (material != null) ? material
				: new TlsMaterial(SSLContexts.createSystemDefault(), null, null);
		List<String> protocols = tls.protocols();
		return new JdkSslContext(tls.context(), true,
				(tls.ciphers() != null) ? tls.ciphers() : Http2SecurityUtil.CIPHERS,
				SupportedCipherSuiteFilter.INSTANCE, HTTP_2, ClientAuth.NONE,
				(protocols != null) ? protocols.toArray(String[]::new) : null, false);
	}

	/**
	 * A handler that trusts nobody but the host.
	 */
	static SslHandler handler(SslContext context, HttpHost host, ByteBufAllocator buffers) {
		SSLEngine engine = context.newEngine(buffers, host.getHostName(), host.getPort());
		SSLParameters parameters = engine.getSSLParameters();
		parameters.setEndpointIdentificationAlgorithm("HTTPS");
		engine.setSSLParameters(parameters);
		SslHandler handler = new SslHandler(engine);
		// the time for all of the connection is looked after
		handler.setHandshakeTimeoutMillis(0);
		return handler;
	}

	/**
	 * Whether both sides agreed on HTTP/2.
	 */
	static boolean isAgreed(SslHandler handler) {
		return ApplicationProtocolNames.HTTP_2.equals(handler.applicationProtocol());
	}

}
