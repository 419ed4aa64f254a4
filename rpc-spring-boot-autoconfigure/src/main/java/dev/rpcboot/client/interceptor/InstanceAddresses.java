package dev.rpcboot.client.interceptor;

import java.net.URI;
import java.util.Map;
import java.util.regex.Pattern;

import dev.rpcboot.client.CallSettings;
import dev.rpcboot.client.RpcInstance;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.util.ConcurrentReferenceHashMap;

/**
 * Tells where an instance that a registry knows serves contracts. Safe for concurrent
 * use.
 */
final class InstanceAddresses {

	/** Metadata under which a provider publishes another path than the default. */
	private static final String PATH_METADATA = "rpc.path";

	/** What else a registry may say is no path, and not followed. */
	private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)+");

	/** Building an address costs more than choosing it. */
	private final Map<Address, RpcInstance> instances = new ConcurrentReferenceHashMap<>();

	RpcInstance of(ServiceInstance registered, CallSettings settings) {
		Map<String, String> metadata = registered.getMetadata();
		String published = (metadata != null) ? metadata.get(PATH_METADATA) : null;
		String path = (published != null && PATH.matcher(published).matches()) ? published : settings.path();
		// not by the instance itself: some registries' are equal by their id alone
		Address address = new Address(registered.getInstanceId(), registered.getHost(), registered.getPort(),
				registered.isSecure(), path);
		RpcInstance instance = this.instances.get(address);
		if (instance == null) {
			URI endpoint = TargetInterceptor.endpoint(registered.getUri(), path);
			// not every registry gives its instances an id
			String id = registered.getInstanceId();
			instance = new RpcInstance((id != null) ? id : endpoint.getAuthority(), endpoint);
			this.instances.put(address, instance);
		}
		return instance;
	}

	private record Address(@Nullable String id, String host, int port, boolean secure, String path) {
	}

}
