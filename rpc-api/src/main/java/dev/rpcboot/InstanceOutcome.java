package dev.rpcboot;

import java.net.URI;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What became of a broadcast at one instance. Immutable, as far as its value is.
 *
 * @param <R> type of the result
 * @param id the instance's id, as its registry has it
 * @param address where the instance serves contracts
 * @param value what it answered; {@code null} if it failed, or answered {@code null}
 * @param failure why there is no answer, or {@code null} if there is one: an exception of
 * the contract, an {@link RpcException}, or a
 * {@link java.util.concurrent.CancellationException} if its answer was no longer wanted
 * @param time from the start of the broadcast to the answer or the failure
 * @since 0.1
 */
public record InstanceOutcome<R extends @Nullable Object>(String id, URI address, @Nullable R value,
		@Nullable Throwable failure, Duration time) {

	/**
	 * Whether the instance answered with a result.
	 */
	public boolean isSuccess() {
		return this.failure == null;
	}

	/**
	 * The result, or the failure thrown as it is: it may be a checked exception of the
	 * contract.
	 * @return the result; {@code null} if it is {@code null}, or the method is
	 * {@code void}
	 */
	public @Nullable R get() {
		if (this.failure != null) {
			throw InstanceOutcome.<RuntimeException>asIs(this.failure);
		}
		return this.value;
	}

	/**
	 * The same as {@link #get()}, for callers who catch a checked exception of the
	 * contract.
	 * @param declared the exception that the compiler shall know of
	 * @return the result; {@code null} if it is {@code null}, or the method is
	 * {@code void}
	 */
	public <X extends Exception> @Nullable R get(Class<X> declared) throws X {
		return get();
	}

	@SuppressWarnings("unchecked")
	private static <X extends Throwable> X asIs(Throwable failure) throws X {
		throw (X) failure;
	}

}
