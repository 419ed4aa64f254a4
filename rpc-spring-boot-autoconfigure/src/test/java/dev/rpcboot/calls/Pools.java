package dev.rpcboot.calls;

import dev.rpcboot.client.transport.HttpTransport;
import dev.rpcboot.client.transport.TransportPools;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * Looks into the connection pools of a consumer.
 */
final class Pools {

	private Pools() {
	}

	/** How many connections are in use, or waited for. */
	static int leased(ConfigurableApplicationContext consumer) {
		return TransportPools.leased(consumer.getBean(HttpTransport.class));
	}

	/** How many connections there are. */
	static int open(ConfigurableApplicationContext consumer) {
		return TransportPools.open(consumer.getBean(HttpTransport.class));
	}

}
