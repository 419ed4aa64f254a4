package dev.rpcboot.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import dev.rpcboot.Execution;
import dev.rpcboot.Idempotency;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.AnswerTooLargeException;
import dev.rpcboot.jsonrpc.EncodedResult;
import dev.rpcboot.jsonrpc.JsonRpcError;
import dev.rpcboot.server.idempotency.IdempotencyStore;
import dev.rpcboot.server.idempotency.KeyedAnswer;
import dev.rpcboot.server.idempotency.KeyedAnswer.Answered;
import dev.rpcboot.server.idempotency.KeyedAnswer.Refused;
import dev.rpcboot.server.idempotency.KeyedCall;
import dev.rpcboot.server.idempotency.StoredOutcome;
import org.jspecify.annotations.Nullable;

/**
 * Runs each call of a keyed method once, and answers its repeats with what it answered.
 * The result that interceptors outside of it see is encoded, the first time too; a
 * declared exception is an {@link RpcCallException}. A call that runs is not cancelled
 * when its caller leaves, who may come back for the outcome. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class IdempotencyInterceptor implements RpcServerInterceptor {

	private static final JsonRpcError ABORTED = JsonRpcError.of(RpcStatus.ABORTED)
		.withRetryAfter(Duration.ofMillis(100));

	private static final JsonRpcError TOO_LATE = JsonRpcError.of(RpcStatus.DEADLINE_EXCEEDED)
		.withExecution(Execution.NOT_EXECUTED);

	private static final JsonRpcError TOO_LARGE = JsonRpcError.of(RpcStatus.PAYLOAD_TOO_LARGE)
		.withExecution(Execution.EXECUTED);

	private final IdempotencyStore store;

	private final FailureTranslator failures;

	private final RunningKeys running;

	/**
	 * Creates one.
	 * @param store keeps outcomes
	 * @param resolvers are asked which failures are application errors, in order, before
	 * the contract
	 * @param maxRunning how many keyed calls may run at a time; more are refused
	 * @param wait how long a repeat waits for a call with the same key that is running
	 * @param ttl how long an outcome is kept, and the key of a call that has none
	 */
	public IdempotencyInterceptor(IdempotencyStore store, List<RpcErrorResolver> resolvers, int maxRunning,
			Duration wait, Duration ttl, DeadlineTimer timer) {
		this.store = store;
		this.failures = new FailureTranslator(resolvers);
		this.running = new RunningKeys(maxRunning, wait, ttl, timer);
	}

	@Override
	public CompletionStage<@Nullable Object> intercept(RpcInvocation invocation, Chain chain) {
		if (invocation.method().idempotency() != Idempotency.KEYED) {
			return chain.proceed(invocation);
		}
		KeyedCall call = IdempotencyKeys.of(invocation);
		return this.running.run(call, () -> this.store.run(call, () -> effect(invocation, chain)))
			.thenApply((answer) -> answered(answer, invocation));
	}

	private CompletionStage<StoredOutcome> effect(RpcInvocation invocation, Chain chain) {
		if (invocation.deadline().isExpired()) {
			// a store may have waited for another instance
			throw new RpcCallException(TOO_LATE);
		}
		return chain.proceed(invocation)
			.handle((result, failure) -> (failure != null) ? failed(failure, invocation)
					: succeeded(result, invocation));
	}

	private StoredOutcome succeeded(@Nullable Object result, RpcInvocation invocation) {
		try {
			return new StoredOutcome(StoredOutcome.Kind.RESULT,
					invocation.codec().encodeKept(result, invocation.source().budget().left()));
		}
		catch (AnswerTooLargeException ex) {
			return untold(TOO_LARGE, invocation);
		}
		// wide, because serializers and accessors are user code
		catch (Throwable ex) {
			return unencodable(ex, invocation);
		}
	}

	private StoredOutcome failed(Throwable failure, RpcInvocation invocation) {
		JsonRpcError error = this.failures.applicationError(failure, invocation);
		if (error == null) {
			throw (failure instanceof CompletionException ex) ? ex : new CompletionException(failure);
		}
		try {
			return new StoredOutcome(StoredOutcome.Kind.ERROR,
					invocation.codec().encodeKeptError(error, invocation.source().budget().left()));
		}
		catch (AnswerTooLargeException ex) {
			return untold(TOO_LARGE, invocation);
		}
		// an attribute of the exception, which is user code too
		catch (Throwable ex) {
			return unencodable(ex, invocation);
		}
	}

	private StoredOutcome unencodable(Throwable cause, RpcInvocation invocation) {
		return untold(this.failures.internal(cause, invocation.toString(), Execution.EXECUTED), invocation);
	}

	/**
	 * The method has done its work, and must not do it again because nobody can be told.
	 */
	private static StoredOutcome untold(JsonRpcError error, RpcInvocation invocation) {
		try {
			return new StoredOutcome(StoredOutcome.Kind.ERROR,
					invocation.codec().encodeKeptError(error, Integer.MAX_VALUE));
		}
		catch (AnswerTooLargeException ex) {
			throw new IllegalStateException("An error without attributes is small", ex);
		}
	}

	private static @Nullable Object answered(KeyedAnswer answer, RpcInvocation invocation) {
		if (answer instanceof Refused refused) {
			throw new RpcCallException(switch (refused) {
				case IN_PROGRESS -> ABORTED;
				case OTHER_CALL -> JsonRpcError.of(RpcStatus.FAILED_PRECONDITION);
				case FULL -> CallRunner.OVERLOADED;
			});
		}
		Answered answered = (Answered) answer;
		if (answered.replayed()) {
			invocation.source().replayed();
		}
		StoredOutcome outcome = answered.outcome();
		return switch (outcome.kind()) {
			case RESULT -> EncodedResult.of(outcome.json());
			case ERROR -> throw new RpcCallException(invocation.codec().decodeKeptError(outcome.json()));
		};
	}

}
