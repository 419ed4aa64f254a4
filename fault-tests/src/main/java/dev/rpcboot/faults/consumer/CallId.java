package dev.rpcboot.faults.consumer;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Ids of calls. An id tells when the call began, so that a ledger can be read for calls
 * that were entered too late.
 */
public final class CallId {

	private CallId() {
	}

	static String of(LoadPlan plan, int call) {
		return plan.sameArgument() ? plan.name()
				: plan.name() + "-" + call + "@" + ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
	}

	/**
	 * When the call began, in microseconds of the wall clock.
	 */
	public static long beganMicros(String callId) {
		return Long.parseLong(callId.substring(callId.indexOf('@') + 1));
	}

}
