package dev.rpcboot;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A broadcast whose policy was not met: too few instances answered with a result. It
 * tells what became of the call at each of them. Its {@link #execution()} is
 * {@link Execution#EXECUTED} if the method certainly ran at one of them at least, and
 * {@link Execution#NOT_EXECUTED} only if it ran at none.
 *
 * @since 0.1
 */
public final class RpcBroadcastException extends RpcException {

	private static final long serialVersionUID = 1L;

	// results need not be serializable
	private final transient @Nullable List<InstanceOutcome<?>> outcomes;

	/**
	 * Creates one.
	 * @param outcomes what became of the call at each instance; the first failure among
	 * them becomes the cause
	 */
	public RpcBroadcastException(String message, List<? extends InstanceOutcome<?>> outcomes) {
		super(message, execution(outcomes), firstFailure(outcomes));
		this.outcomes = List.copyOf(outcomes);
	}

	/**
	 * What became of the call at each instance; empty once this has been serialized.
	 */
	public List<InstanceOutcome<?>> outcomes() {
		return (this.outcomes != null) ? this.outcomes : List.of();
	}

	private static Execution execution(List<? extends InstanceOutcome<?>> outcomes) {
		List<Execution> all = outcomes.stream().map(RpcBroadcastException::execution).toList();
		if (all.contains(Execution.EXECUTED)) {
			return Execution.EXECUTED;
		}
		return all.contains(Execution.UNKNOWN) ? Execution.UNKNOWN : Execution.NOT_EXECUTED;
	}

	private static Execution execution(InstanceOutcome<?> outcome) {
		if (outcome.failure() instanceof RpcException failure) {
			return failure.execution();
		}
		// anything else is an exception of the contract, or that of an interceptor, or
		// says that the answer was not waited for
		return outcome.isSuccess() ? Execution.EXECUTED : Execution.UNKNOWN;
	}

	private static @Nullable Throwable firstFailure(List<? extends InstanceOutcome<?>> outcomes) {
		for (InstanceOutcome<?> outcome : outcomes) {
			if (outcome.failure() != null) {
				return outcome.failure();
			}
		}
		return null;
	}

}
