package dev.rpcboot.autoconfigure.server;

import javax.sql.DataSource;

import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.sql.init.DatabaseInitializationSettings;
import org.springframework.dao.DataAccessException;

/**
 * Creates the table of idempotency keys beside other instances that start at the same
 * time: a database may look first and create later, and the second of two then fails at
 * what is there by now.
 */
final class IdempotencySchema extends DataSourceScriptDatabaseInitializer {

	IdempotencySchema(DataSource dataSource, DatabaseInitializationSettings settings) {
		super(dataSource, settings);
	}

	@Override
	public boolean initializeDatabase() {
		try {
			return super.initializeDatabase();
		}
		catch (DataAccessException ex) {
			// the scripts create nothing that is there
			return super.initializeDatabase();
		}
	}

}
