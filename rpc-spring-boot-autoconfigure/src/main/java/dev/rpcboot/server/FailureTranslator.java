package dev.rpcboot.server;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcRemoteException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.call.ContractError;
import dev.rpcboot.call.ContractErrors;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.JsonRpcError;
import dev.rpcboot.jsonrpc.JsonRpcException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Turns what a call threw into what the caller is told. Nothing of the inside leaves: an
 * exception that nobody declared is an internal error, whose stack trace stays in the log
 * under an id that the caller gets too. Safe for concurrent use.
 */
final class FailureTranslator {

	private static final Logger logger = LoggerFactory.getLogger(FailureTranslator.class);

	private static final int MAX_CAUSES = 20;

	private final List<RpcErrorResolver> resolvers;

	FailureTranslator(List<RpcErrorResolver> resolvers) {
		this.resolvers = List.copyOf(resolvers);
	}

	/**
	 * The error object of a request that could not be read.
	 */
	static JsonRpcError refused(JsonRpcException refusal) {
		return JsonRpcError.of(refusal.status()).withViolations(refusal.violations());
	}

	/**
	 * The error object of a call whose caller gave up.
	 */
	static JsonRpcError cancelled(boolean entered) {
		return JsonRpcError.of(RpcStatus.CANCELLED).withExecution(entered ? Execution.UNKNOWN : Execution.NOT_EXECUTED);
	}

	JsonRpcError translate(Throwable thrown, RpcInvocation invocation) {
		Throwable failure = unwrap(thrown);
		if (failure instanceof RpcCallException refusal) {
			return honest(refusal.error(), invocation);
		}
		if (invocation.isCancelled()) {
			// whatever it is, it follows from that, and nobody is left who could act on
			// it
			logger.debug("{} was cancelled", invocation, failure);
			return cancelled(invocation.isEntered());
		}
		JsonRpcError error = null;
		try {
			error = resolve(failure, invocation);
		}
		catch (Throwable ex) {
			// user code: a resolver or an exception's accessor that fails must not hide
			// the failure
			if (ex != failure) {
				failure.addSuppressed(ex);
			}
		}
		return (error != null) ? honest(error, invocation) : internal(failure, invocation.toString(),
				invocation.isEntered() ? Execution.EXECUTED : Execution.NOT_EXECUTED);
	}

	/**
	 * The application error that a failure is, or {@code null} if it is another.
	 */
	@Nullable JsonRpcError applicationError(Throwable thrown, RpcInvocation invocation) {
		try {
			JsonRpcError error = resolve(unwrap(thrown), invocation);
			return (error != null && error.status() == RpcStatus.APPLICATION) ? error : null;
		}
		catch (Throwable ex) {
			// user code: asked again when the failure is answered, and logged then
			return null;
		}
	}

	/**
	 * Logs a failure that the caller learns nothing of but an id.
	 */
	JsonRpcError internal(Throwable failure, String method, Execution execution) {
		String current = MDC.get("traceId");
		String traceId = (current != null && !current.isEmpty()) ? current : randomId();
		logger.error("{} failed, traceId {}", method, traceId, failure);
		JsonRpcError error = JsonRpcError.of(RpcStatus.INTERNAL).withExecution(execution).withTraceId(traceId);
		return isRefusalFurtherOn(failure) ? error.withoutRetry() : error;
	}

	/**
	 * A call that the method made has been refused for good: its repetitions are used up
	 * already, and more from further up would multiply them.
	 */
	private static boolean isRefusalFurtherOn(Throwable failure) {
		Throwable cause = failure;
		for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
			if (cause instanceof RpcUnavailableException
					|| (cause instanceof RpcRemoteException remote && !remote.isRetryable())) {
				return true;
			}
			cause = cause.getCause();
		}
		return false;
	}

	private @Nullable JsonRpcError resolve(Throwable failure, RpcInvocation invocation) {
		for (RpcErrorResolver resolver : this.resolvers) {
			JsonRpcError error = resolver.resolve(failure, invocation);
			if (error != null) {
				return error;
			}
		}
		ContractError declared = ContractErrors.nearest(failure, invocation.method());
		return (declared != null) ? application(declared, failure) : null;
	}

	private static JsonRpcError application(ContractError declared, Throwable failure) {
		String message = (failure.getMessage() != null) ? failure.getMessage() : RpcStatus.APPLICATION.message();
		return new JsonRpcError(declared.code(), message, RpcStatus.APPLICATION, Execution.EXECUTED, null, true,
				List.of(), declared.type(), declared.attributes(failure), null);
	}

	/**
	 * Once the method was entered nobody can promise that nothing was executed.
	 */
	private static JsonRpcError honest(JsonRpcError error, RpcInvocation invocation) {
		return (invocation.isEntered() && error.execution() == Execution.NOT_EXECUTED)
				? error.withExecution(Execution.UNKNOWN) : error;
	}

	private static Throwable unwrap(Throwable thrown) {
		Throwable failure = thrown;
		while (isWrapper(failure) && failure.getCause() != null) {
			failure = failure.getCause();
		}
		return failure;
	}

	private static boolean isWrapper(Throwable failure) {
		return failure instanceof CompletionException || failure instanceof ExecutionException
				|| failure instanceof UndeclaredThrowableException;
	}

	private static String randomId() {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		return String.format("%016x%016x", random.nextLong(), random.nextLong());
	}

	/**
	 * Nobody hears of it but the log; what an internal error was stands there already.
	 */
	static void logUnheard(String name, JsonRpcError error) {
		boolean callersDoing = error.execution() == Execution.NOT_EXECUTED
				|| error.status() == RpcStatus.DEADLINE_EXCEEDED || error.status() == RpcStatus.CANCELLED;
		if (callersDoing || error.status() == RpcStatus.INTERNAL) {
			logger.debug("A notification of {} failed: {}", name, error.status());
		}
		else {
			logger.warn("A notification of {} failed: {} {}", name, error.status(), error.type());
		}
	}

}
