package dev.rpcboot.faults.provider;

import dev.rpcboot.faults.contract.Payments;

import org.springframework.jdbc.core.JdbcOperations;

/**
 * Payments whose effect is a row in a table without any constraint: what runs twice is
 * there twice.
 */
final class DatabasePayments implements Payments {

	private final LedgerWork work;

	private final JdbcOperations jdbc;

	DatabasePayments(LedgerWork work, JdbcOperations jdbc) {
		this.work = work;
		this.jdbc = jdbc;
	}

	@Override
	public String pay(String callId) {
		String provider = this.work.pay(callId);
		this.jdbc.update("insert into effect (call_id) values (?)", callId);
		return provider;
	}

}
