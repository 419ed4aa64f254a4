package dev.rpcboot.autoconfigure.client;

import java.util.List;

import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.client.RpcTransport;
import dev.rpcboot.client.transport.HttpTransport;
import dev.rpcboot.client.transport.HttpTransport.ForBlocking;
import dev.rpcboot.client.transport.TlsMaterial;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Provides the transport over HTTP, unless the application has one of its own.
 *
 * @since 0.1
 */
@AutoConfiguration(after = SslAutoConfiguration.class)
@ConditionalOnClass(PoolingAsyncClientConnectionManager.class)
public final class RpcTransportAutoConfiguration {

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean(RpcTransport.class)
	HttpTransport rpcTransport(ObjectProvider<SslBundles> bundles, Environment environment) {
		ForBlocking forBlocking = Binder.get(environment)
			.bind("rpc.client.blocking-transport", ForBlocking.class)
			.orElse(ForBlocking.SOCKETS);
		return new HttpTransport((name) -> material(name, bundles.getIfAvailable()), forBlocking);
	}

	private static TlsMaterial material(String name, @Nullable SslBundles bundles) {
		SslBundle bundle = bundle(name, bundles);
		SslOptions options = bundle.getOptions();
		return new TlsMaterial(bundle.createSslContext(), list(options.getEnabledProtocols()),
				list(options.getCiphers()));
	}

	private static SslBundle bundle(String name, @Nullable SslBundles bundles) {
		try {
			if (bundles != null) {
				return bundles.getBundle(name);
			}
		}
		catch (NoSuchSslBundleException ex) {
			// said below, with what to do
		}
		throw new RpcConfigurationException(
				"There is no SSL bundle named '" + name + "', which 'ssl.bundle' of an RPC client names.",
				"Define it under 'spring.ssl.bundle.jks." + name + "' or 'spring.ssl.bundle.pem." + name
						+ "', or correct 'rpc.client.targets.<target>.ssl.bundle'.");
	}

	private static @Nullable List<String> list(String @Nullable [] names) {
		return (names != null) ? List.of(names) : null;
	}

}
