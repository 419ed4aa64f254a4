package dev.rpcboot.server.idempotency;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;

/**
 * The table of keys, in SQL that every database understands. Each method belongs into a
 * transaction. Safe for concurrent use.
 */
final class KeyTable {

	/** How many rows are deleted at a time. */
	static final int BATCH = 1000;

	private static final String INSERT = "INSERT INTO rpc_idempotency (id, fingerprint, expires_at) VALUES (?, ?, ?)";

	private static final String UPDATE = "UPDATE rpc_idempotency SET kind = ?, json = ? WHERE id = ?";

	private static final String SELECT = "SELECT fingerprint, expires_at, kind, json FROM rpc_idempotency WHERE id = ?";

	private static final String DELETE = "DELETE FROM rpc_idempotency WHERE id = ? AND expires_at = ?";

	private static final String EXPIRED = "SELECT id FROM rpc_idempotency WHERE expires_at <= ?";

	private static final String DELETE_EXPIRED = "DELETE FROM rpc_idempotency WHERE id = ? AND expires_at <= ?";

	private final JdbcTemplate jdbc;

	private final JdbcTemplate batch;

	KeyTable(DataSource dataSource) {
		this.jdbc = new JdbcTemplate(dataSource);
		this.batch = new JdbcTemplate(dataSource);
		this.batch.setMaxRows(BATCH);
	}

	/**
	 * Takes a key for as long as the transaction runs; who wants it too waits for its
	 * end.
	 * @param wait how long to wait for another transaction that has taken it
	 */
	Taking take(KeyedCall call, Instant expiry, Duration wait) {
		int seconds = (int) Math.max(1, wait.plusMillis(999).toSeconds());
		try {
			this.jdbc.execute(INSERT, (PreparedStatementCallback<Integer>) (statement) -> {
				statement.setString(1, call.id());
				statement.setString(2, call.fingerprint());
				statement.setLong(3, expiry.toEpochMilli());
				return update(statement, seconds);
			});
			return Taking.FREE;
		}
		catch (DuplicateKeyException ex) {
			return Taking.TAKEN;
		}
		catch (PessimisticLockingFailureException | QueryTimeoutException ex) {
			return Taking.WAITED;
		}
	}

	private static int update(PreparedStatement statement, int seconds) throws SQLException {
		int before = statement.getQueryTimeout();
		statement.setQueryTimeout(seconds);
		try {
			return statement.executeUpdate();
		}
		finally {
			// some drivers set it for the connection, and with it for the method
			statement.setQueryTimeout(before);
		}
	}

	/**
	 * Adds the outcome to a key that was taken in this transaction.
	 */
	void keep(KeyedCall call, StoredOutcome outcome) {
		this.jdbc.update(UPDATE, outcome.kind().name(), outcome.json(), call.id());
	}

	@Nullable Row find(KeyedCall call) {
		List<Row> rows = this.jdbc.query(SELECT, (found, index) -> row(found), call.id());
		return rows.isEmpty() ? null : rows.get(0);
	}

	private static Row row(ResultSet found) throws SQLException {
		String kind = found.getString(3);
		return new Row(found.getString(1), Instant.ofEpochMilli(found.getLong(2)),
				(kind != null) ? new StoredOutcome(StoredOutcome.Kind.valueOf(kind), found.getBytes(4)) : null);
	}

	/**
	 * Deletes a row, unless another has taken its place.
	 */
	void delete(KeyedCall call, Row row) {
		this.jdbc.update(DELETE, call.id(), row.expiry().toEpochMilli());
	}

	/**
	 * Deletes at most {@link #BATCH} rows that have expired.
	 * @return how many it found
	 */
	int deleteExpired(Instant now) {
		List<String> expired = this.batch.queryForList(EXPIRED, String.class, now.toEpochMilli());
		this.jdbc.batchUpdate(DELETE_EXPIRED,
				expired.stream().map((id) -> new Object[] { id, now.toEpochMilli() }).toList());
		return expired.size();
	}

	/**
	 * What became of taking a key.
	 */
	enum Taking {

		/** It was free. */
		FREE,

		/** Another call has it, and its outcome. */
		TAKEN,

		/** Another call has it and is still running. */
		WAITED

	}

	/**
	 * What is known of a key.
	 *
	 * @param outcome {@code null} if there is none
	 */
	record Row(String fingerprint, Instant expiry, @Nullable StoredOutcome outcome) {
	}

}
