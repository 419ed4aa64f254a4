package dev.rpcboot.autoconfigure.server;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.sql.init.DatabaseInitializationMode;

/**
 * Settings of the store of idempotency keys in a database.
 *
 * @param initializeSchema when to create the table at start
 * @param cleanupInterval time between removals of outcomes that have expired
 * @since 0.1
 */
@ConfigurationProperties("rpc.server.idempotency.jdbc")
public record RpcJdbcIdempotencyProperties(@DefaultValue("embedded") DatabaseInitializationMode initializeSchema,
		@DefaultValue("5m") Duration cleanupInterval) {
}
