package dev.rpcboot.faults.provider;

import java.util.concurrent.Semaphore;

import dev.rpcboot.faults.contract.Payments;
import dev.rpcboot.faults.contract.Work;
import org.jspecify.annotations.Nullable;

/**
 * Writes each call down before anything else, and then works as the conditions of the
 * time say.
 */
final class LedgerWork implements Work, Payments {

	private final String name;

	private final Ledger ledger;

	private final @Nullable Work next;

	private volatile State state = new State(Conditions.HEALTHY);

	LedgerWork(String name, Ledger ledger, @Nullable Work next) {
		this.name = name;
		this.ledger = ledger;
		this.next = next;
	}

	void setConditions(Conditions conditions) {
		this.state = new State(conditions);
	}

	@Override
	public String read(String callId) {
		return work("read", callId);
	}

	@Override
	public String put(String callId) {
		return work("put", callId);
	}

	@Override
	public String add(String callId) {
		return work("add", callId);
	}

	@Override
	public String pay(String callId) {
		return work("pay", callId);
	}

	@Override
	public String relay(String callId) {
		if (this.next == null) {
			return work("relay", callId);
		}
		this.ledger.entered("relay", callId);
		return this.next.relay(callId);
	}

	private String work(String method, String callId) {
		this.ledger.entered(method, callId);
		State state = this.state;
		state.places.acquireUninterruptibly();
		try {
			if (state.conditions.delayMillis() > 0) {
				Thread.sleep(state.conditions.delayMillis());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted", ex);
		}
		finally {
			state.places.release();
		}
		if (state.conditions.failing()) {
			throw new IllegalStateException("Told to fail");
		}
		return this.name;
	}

	private static final class State {

		private final Conditions conditions;

		private final Semaphore places;

		State(Conditions conditions) {
			this.conditions = conditions;
			this.places = new Semaphore(conditions.capacity());
		}

	}

}
