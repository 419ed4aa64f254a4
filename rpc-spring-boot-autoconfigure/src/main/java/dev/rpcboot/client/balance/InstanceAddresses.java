package dev.rpcboot.client.balance;

import java.net.URI;
import java.util.Map;
import java.util.regex.Pattern;

import dev.rpcboot.client.RpcInstance;
import dev.rpcboot.client.interceptor.TargetInterceptor;

import org.springframework.cloud.client.ServiceInstance;

/**
 * Tells where an instance that a registry knows serves contracts.
 */
final class InstanceAddresses {

	/** Metadata under which a provider publishes another path than the default. */
	private static final String PATH_METADATA = "rpc.path";

	/** What else a registry may say is no path, and not followed. */
	private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)+");

	private InstanceAddresses() {
	}

	/**
	 * Its address.
	 * @param path where the instance does not publish another
	 */
	static RpcInstance of(ServiceInstance registered, String path) {
		Map<String, String> metadata = registered.getMetadata();
		String published = (metadata != null) ? metadata.get(PATH_METADATA) : null;
		URI endpoint = TargetInterceptor.endpoint(registered.getUri(),
				(published != null && PATH.matcher(published).matches()) ? published : path);
		// not every registry gives its instances an id
		String id = registered.getInstanceId();
		return new RpcInstance((id != null) ? id : endpoint.getAuthority(), endpoint);
	}

}
