package dev.rpcboot.server;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import dev.rpcboot.call.RpcHeaders;

/**
 * Stands around each call at {@link ServerStage#OBSERVATION} and sees how it ended, calls
 * of unknown methods and with unreadable arguments included. Safe for concurrent use.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface CallObserver {

	/** Observes nothing. */
	CallObserver NONE = (method, headers, call) -> call.get();

	/** What an unknown method is called. */
	String UNKNOWN_METHOD = "_OTHER";

	/**
	 * Observes a call.
	 * @param method {@code Service/method}, or {@link #UNKNOWN_METHOD}: never what the
	 * caller made up
	 * @param headers of the request
	 * @param call the rest of the way; to be called once
	 * @return what the call returned, which never fails; a reply that is a stream ends
	 * with {@link CallReply#whenOver()}
	 */
	CompletionStage<CallReply> observe(String method, Supplier<RpcHeaders> headers,
			Supplier<CompletionStage<CallReply>> call);

	/**
	 * Observes one of several calls that travelled in one request, each with headers of
	 * its own: its trace is the one that they name, not that of the request.
	 * @param method {@code Service/method}, or {@link #UNKNOWN_METHOD}
	 * @param headers of the call
	 * @param call the rest of the way; to be called once
	 * @return what the call returned, which never fails
	 */
	default CompletionStage<CallReply> observePart(String method, Supplier<RpcHeaders> headers,
			Supplier<CompletionStage<CallReply>> call) {
		return observe(method, headers, call);
	}

}
