package dev.rpcboot.client.transport;

import java.util.List;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

/**
 * What a client needs to speak TLS: whom it trusts and, for mutual TLS, who it is.
 *
 * @param context trust and, if there is one, the client's own key
 * @param protocols enabled protocols, or {@code null} for all that are not weak
 * @param ciphers enabled cipher suites, or {@code null} for all that are not weak
 * @since 0.1
 */
public record TlsMaterial(SSLContext context, @Nullable List<String> protocols, @Nullable List<String> ciphers) {

	public TlsMaterial {
		protocols = (protocols != null) ? List.copyOf(protocols) : null;
		ciphers = (ciphers != null) ? List.copyOf(ciphers) : null;
	}

}
