package dev.rpcboot.client.transport;

import java.io.IOException;
import java.net.Socket;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import org.apache.hc.core5.ssl.SSLContexts;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections secure, to servers that prove their name. Safe for concurrent use.
 */
final class SocketTls {

	private final TlsMaterial material;

	/**
	 * Creates one.
	 * @param material whom it trusts, or {@code null} for whom the JDK does
	 */
	SocketTls(@Nullable TlsMaterial material) {
		this.material = (material != null) ? material : new TlsMaterial(SSLContexts.createSystemDefault(), null, null);
	}

	/**
	 * Shakes hands.
	 */
	Socket secure(Socket connected, Attempt attempt) throws IOException {
		Destination destination = attempt.destination();
		SSLSocket socket = (SSLSocket) this.material.context()
			.getSocketFactory()
			.createSocket(connected, destination.host(), destination.port(), true);
		SSLParameters parameters = socket.getSSLParameters();
		parameters.setEndpointIdentificationAlgorithm("HTTPS");
		if (this.material.protocols() != null) {
			parameters.setProtocols(this.material.protocols().toArray(String[]::new));
		}
		if (this.material.ciphers() != null) {
			parameters.setCipherSuites(this.material.ciphers().toArray(String[]::new));
		}
		socket.setSSLParameters(parameters);
		socket.setSoTimeout(Math.max(1, attempt.connectTimeout().toMillisecondsIntBound()));
		socket.startHandshake();
		socket.setSoTimeout(0);
		return socket;
	}

}
