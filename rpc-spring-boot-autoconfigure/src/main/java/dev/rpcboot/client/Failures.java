package dev.rpcboot.client;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import dev.rpcboot.RpcRemoteException;
import dev.rpcboot.call.RpcStatus;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a failed future holds.
 *
 * @since 0.1
 */
public final class Failures {

	private Failures() {
	}

	/**
	 * The failure itself, freed from what composed futures wrap around it.
	 */
	public static Throwable unwrap(@Nullable Throwable failure) {
		Throwable unwrapped = failure;
		while ((unwrapped instanceof CompletionException || unwrapped instanceof ExecutionException)
				&& unwrapped.getCause() != null) {
			unwrapped = unwrapped.getCause();
		}
		return (unwrapped != null) ? unwrapped : new IllegalStateException("The future failed without a reason");
	}

	/**
	 * The failure of a future that is known to have failed.
	 */
	static Throwable of(CompletableFuture<?> failed) {
		try {
			failed.join();
			throw new IllegalArgumentException("The future has not failed");
		}
		catch (CompletionException ex) {
			return unwrap(ex);
		}
		catch (CancellationException ex) {
			return ex;
		}
	}

	/**
	 * Throws a failure as it is, checked or not: it is what the caller's contract
	 * declares.
	 * @return nothing; lets the caller write {@code throw}
	 */
	static RuntimeException asIs(Throwable failure) {
		return Failures.<RuntimeException>unchecked(failure);
	}

	@SuppressWarnings("unchecked")
	private static <X extends Throwable> X unchecked(Throwable failure) throws X {
		throw (X) failure;
	}

	/**
	 * Whether a failure is also that of another call, which was sent together with this
	 * one, and counts there: it happened once.
	 * @param judge who would count it now
	 */
	public static boolean isCountedElsewhere(Throwable failure, Object judge) {
		return failure.getCause() instanceof SharedLossException shared && shared.isCounted(judge);
	}

	/**
	 * Whether the server answered with this status.
	 */
	public static boolean isRemote(Throwable failure, RpcStatus status) {
		return failure instanceof RpcRemoteException remote && status.name().equals(remote.reason());
	}

}
