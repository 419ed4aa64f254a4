package dev.rpcboot.autoconfigure.server;

import java.time.Duration;

import dev.rpcboot.call.RpcConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings for methods that are keyed.
 *
 * @param store where the outcomes of keyed calls are kept: in the database that the
 * methods write to (jdbc), or in the memory of the only instance (caffeine)
 * @param ttl time for which an outcome is kept, and the key of a call that never ends
 * @param maxWait time that a repeat waits for a call with the same key that is running
 * @param maxRunning keyed calls that run at a time; more are refused
 * @param caffeine the store in memory
 * @since 0.1
 */
@ConfigurationProperties("rpc.server.idempotency")
public record RpcIdempotencyProperties(@Nullable Store store, @DefaultValue("24h") Duration ttl,
		@DefaultValue("1s") Duration maxWait, @DefaultValue("10000") int maxRunning, @DefaultValue Caffeine caffeine) {

	public RpcIdempotencyProperties {
		positive("ttl", !ttl.isNegative() && !ttl.isZero());
		positive("max-running", maxRunning > 0);
		positive("caffeine.max-entries", caffeine.maxEntries() > 0);
		positive("caffeine.max-size", caffeine.maxSize().toBytes() > 0);
		if (maxWait.isNegative()) {
			throw new RpcConfigurationException("rpc.server.idempotency.max-wait is negative.",
					"Set rpc.server.idempotency.max-wait to a time, or to 0 not to wait.");
		}
	}

	private static void positive(String property, boolean positive) {
		if (!positive) {
			throw new RpcConfigurationException("With rpc.server.idempotency." + property + " no outcome can be kept.",
					"Set rpc.server.idempotency." + property + " to more than 0, or leave it out.");
		}
	}

	/**
	 * Where outcomes are kept.
	 */
	public enum Store {

		/** In the database that the methods write to, together with what they write. */
		JDBC,

		/** In memory, which is good for one instance only. */
		CAFFEINE

	}

	/**
	 * The store in memory; when there is too much, the oldest outcomes are forgotten.
	 *
	 * @param maxEntries outcomes that are kept
	 * @param maxSize memory that they may take, about
	 */
	public record Caffeine(@DefaultValue("100000") int maxEntries, @DefaultValue("64MB") DataSize maxSize) {
	}

}
