package dev.rpcboot.client.transport;

import org.apache.hc.core5.pool.PoolStats;

/**
 * Looks into the connection pools of a transport.
 */
public final class TransportPools {

	private TransportPools() {
	}

	/** How many connections are in use, or waited for. */
	public static int leased(HttpTransport transport) {
		return transport.stats().stream().mapToInt((pool) -> pool.getLeased() + pool.getPending()).sum();
	}

	/** How many connections there are. */
	public static int open(HttpTransport transport) {
		return transport.stats().stream().mapToInt(TransportPools::open).sum();
	}

	private static int open(PoolStats pool) {
		return pool.getLeased() + pool.getAvailable();
	}

}
