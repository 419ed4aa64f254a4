package dev.rpcboot.autoconfigure.client;

import dev.rpcboot.client.RpcTransport;
import dev.rpcboot.client.transport.HttpComponentsTransport;
import dev.rpcboot.client.transport.TlsMaterial;
import org.apache.hc.client5.http.classic.HttpClient;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of how encoded requests reach an instance.
 *
 * @since 0.1
 */
@AutoConfiguration
@ConditionalOnClass(HttpClient.class)
public final class RpcTransportAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	RpcTransport rpcTransport(ObjectProvider<SslBundles> bundles) {
		return new HttpComponentsTransport((name) -> {
			SslBundle bundle = bundles.getObject().getBundle(name);
			return new TlsMaterial(bundle.createSslContext(), null, null);
		});
	}

}
