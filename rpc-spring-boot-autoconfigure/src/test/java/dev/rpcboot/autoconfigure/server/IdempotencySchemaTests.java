package dev.rpcboot.autoconfigure.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;

import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class IdempotencySchemaTests {

	private final DataSource database = new DriverManagerDataSource(
			"jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");

	@Test
	void isCreatedThoughAnotherInstanceWasFasterInBetween() {
		create(failing(1));

		assertThat(new JdbcTemplate(this.database).queryForList("SELECT * FROM rpc_idempotency")).isEmpty();
	}

	@Test
	void failsAtStartIfItCannotBeCreated() {
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> create(failing(2)));
	}

	private void create(DataSource dataSource) {
		new IdempotencySchema(dataSource,
				IdempotencyConfigurations.Scripts.settings(this.database, DatabaseInitializationMode.ALWAYS))
			.initializeDatabase();
	}

	private DataSource failing(int times) {
		AtomicInteger asked = new AtomicInteger();
		return new DelegatingDataSource(this.database) {

			@Override
			public Connection getConnection() throws SQLException {
				if (asked.incrementAndGet() <= times) {
					throw new SQLException("object already exists");
				}
				return super.getConnection();
			}

		};
	}

}
