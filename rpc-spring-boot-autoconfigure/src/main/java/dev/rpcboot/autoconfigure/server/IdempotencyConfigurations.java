package dev.rpcboot.autoconfigure.server;

import java.time.InstantSource;

import javax.sql.DataSource;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.server.DeadlineTimer;
import dev.rpcboot.server.IdempotencyInterceptor;
import dev.rpcboot.server.RpcErrorResolver;
import dev.rpcboot.server.idempotency.CaffeineIdempotencyStore;
import dev.rpcboot.server.idempotency.IdempotencyStore;
import dev.rpcboot.server.idempotency.JdbcIdempotencyStore;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.jdbc.init.PlatformPlaceholderDatabaseDriverResolver;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.boot.sql.init.DatabaseInitializationSettings;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Where the outcomes of keyed calls are kept. Nothing is chosen for the application; a
 * store of its own comes first.
 */
final class IdempotencyConfigurations {

	private IdempotencyConfigurations() {
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(RpcIdempotencyProperties.class)
	@ConditionalOnBean(IdempotencyStore.class)
	static class InterceptorConfiguration {

		@Bean
		@ConditionalOnMissingBean
		IdempotencyInterceptor rpcServerIdempotencyInterceptor(IdempotencyStore store,
				RpcIdempotencyProperties properties, ObjectProvider<RpcErrorResolver> resolvers, DeadlineTimer timer) {
			return new IdempotencyInterceptor(store, resolvers.orderedStream().toList(), properties.maxRunning(),
					properties.maxWait(), properties.ttl(), timer);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(RpcIdempotencyProperties.class)
	@ConditionalOnClass(Caffeine.class)
	@ConditionalOnProperty(name = "rpc.server.idempotency.store", havingValue = "caffeine")
	static class CaffeineStoreConfiguration {

		@Bean
		@ConditionalOnMissingBean(IdempotencyStore.class)
		CaffeineIdempotencyStore rpcServerIdempotencyStore(RpcIdempotencyProperties properties) {
			return new CaffeineIdempotencyStore(properties.ttl(), properties.caffeine().maxEntries(),
					properties.caffeine().maxSize().toBytes(), NanoClock.SYSTEM);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties({ RpcIdempotencyProperties.class, RpcJdbcIdempotencyProperties.class })
	@ConditionalOnClass({ JdbcTemplate.class, DataSourceScriptDatabaseInitializer.class })
	@ConditionalOnProperty(name = "rpc.server.idempotency.store", havingValue = "jdbc")
	@ConditionalOnMissingBean(IdempotencyStore.class)
	@ImportRuntimeHints(Scripts.class)
	static class JdbcStoreConfiguration {

		@Bean
		@DependsOnDatabaseInitialization
		JdbcIdempotencyStore rpcServerIdempotencyStore(ObjectProvider<DataSource> dataSource,
				ObjectProvider<PlatformTransactionManager> transactions, RpcIdempotencyProperties properties) {
			return new JdbcIdempotencyStore(only(dataSource, "DataSource"),
					only(transactions, "PlatformTransactionManager"), properties.ttl(), properties.maxWait(),
					InstantSource.system());
		}

		@Bean
		ExpiredKeys rpcServerExpiredIdempotencyKeys(JdbcIdempotencyStore store,
				RpcJdbcIdempotencyProperties properties) {
			return new ExpiredKeys(store, properties.cleanupInterval());
		}

		@Bean
		@ConditionalOnMissingBean(name = "rpcServerIdempotencySchema")
		DataSourceScriptDatabaseInitializer rpcServerIdempotencySchema(ObjectProvider<DataSource> dataSource,
				RpcJdbcIdempotencyProperties properties) {
			DataSource database = only(dataSource, "DataSource");
			return new IdempotencySchema(database, Scripts.settings(database, properties.initializeSchema()));
		}

		private static <T> T only(ObjectProvider<T> candidates, String type) {
			T only = candidates.getIfUnique();
			if (only == null) {
				throw new RpcConfigurationException(
						"rpc.server.idempotency.store=jdbc needs the one " + type
								+ " that keyed methods write with, and there is none or more than one.",
						"Make one of them @Primary, or define a bean of type IdempotencyStore.");
			}
			return only;
		}

	}

	/**
	 * The scripts that create the table.
	 */
	static final class Scripts implements RuntimeHintsRegistrar {

		private static final String DIRECTORY = "dev/rpcboot/server/idempotency/";

		static DatabaseInitializationSettings settings(DataSource database, DatabaseInitializationMode mode) {
			DatabaseInitializationSettings settings = new DatabaseInitializationSettings();
			settings.setMode(mode);
			if (mode != DatabaseInitializationMode.NEVER) {
				// there is not one for each embedded database
				String prefix = (mode == DatabaseInitializationMode.EMBEDDED) ? "optional:" : "";
				settings.setSchemaLocations(new PlatformPlaceholderDatabaseDriverResolver().resolveAll(database,
						prefix + "classpath:" + DIRECTORY + "schema-@@platform@@.sql"));
			}
			return settings;
		}

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			hints.resources().registerPattern(DIRECTORY + "schema-*.sql");
		}

	}

}
