package dev.rpcboot.server;

import java.security.Principal;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Future;

import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.Criticality;
import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.call.RpcMetadata;
import dev.rpcboot.jsonrpc.JsonRpcMessage;
import dev.rpcboot.jsonrpc.RawJson;
import dev.rpcboot.jsonrpc.ServerCodec;
import org.jspecify.annotations.Nullable;

/**
 * One call of an exported method, with its arguments decoded.
 *
 * @since 0.1
 */
public final class RpcInvocation {

	private final ExportedMethod method;

	private final @Nullable Object[] arguments;

	private final CallSource source;

	private final JsonRpcMessage.Call call;

	private final boolean single;

	private final StreamOpener streams;

	// what is thrown before is certain not to have been executed
	private volatile boolean entered;

	private volatile boolean cancelled;

	private volatile @Nullable Future<?> running;

	private volatile @Nullable Runnable leaving;

	/**
	 * Creates one.
	 * @param single whether it is no entry of a batch
	 */
	RpcInvocation(ExportedMethod method, @Nullable Object[] arguments, CallSource source, JsonRpcMessage.Call call,
			boolean single, StreamOpener streams) {
		this.method = method;
		this.arguments = arguments;
		this.source = source;
		this.call = call;
		this.single = single;
		this.streams = streams;
	}

	/**
	 * The contract's method.
	 */
	public ContractMethod method() {
		return this.method.contract();
	}

	/**
	 * The bean whose method is called, as Spring made it: a proxy, if it has one.
	 */
	public Object bean() {
		return this.method.bean();
	}

	/**
	 * The arguments, in order; unmodifiable.
	 */
	public List<@Nullable Object> arguments() {
		return Collections.unmodifiableList(Arrays.asList(this.arguments));
	}

	/**
	 * The headers of the request, those with visible ASCII values alone.
	 */
	public RpcHeaders headers() {
		return this.source.headers();
	}

	/**
	 * What the caller sent beside the arguments.
	 */
	public RpcMetadata metadata() {
		return this.source.metadata();
	}

	/**
	 * How critical the caller says that the call is, as far as that is believed.
	 */
	public Criticality criticality() {
		return this.source.head().criticality(principal() != null);
	}

	/**
	 * Whether the caller has made an attempt before.
	 */
	public boolean isRepeated() {
		return this.source.head().isRepetition();
	}

	/**
	 * When the caller stops waiting.
	 */
	public Deadline deadline() {
		return this.source.deadline();
	}

	/**
	 * Who calls, or {@code null} if that is not known.
	 */
	public @Nullable Principal principal() {
		return this.source.principal();
	}

	/**
	 * Whether nobody waits for an answer.
	 */
	public boolean isNotification() {
		return this.call.isNotification();
	}

	/**
	 * Gives the call up, whatever interceptors have made of its result. A Mono or a
	 * stream that the method returned is cancelled, and so is a future: a bean that hands
	 * one future to several callers returns a
	 * {@link java.util.concurrent.CompletableFuture#copy()} to each. The thread that is
	 * in a method is interrupted, while it is in it, if the contract says that it may be;
	 * else the method runs on.
	 */
	public void cancel() {
		this.cancelled = true;
		Future<?> running = this.running;
		if (running != null) {
			running.cancel(true);
		}
	}

	/**
	 * Remembers what is to be cancelled with the call.
	 */
	void running(Future<?> running) {
		this.running = running;
		if (this.cancelled) {
			running.cancel(true);
		}
		if (this.leaving == null) {
			Runnable leaving = this::cancel;
			this.leaving = leaving;
			this.source.onLeave(leaving);
		}
	}

	/**
	 * Says that the call has its outcome, and that nothing is left to be cancelled.
	 */
	void ended() {
		Runnable leaving = this.leaving;
		if (leaving != null) {
			this.source.forget(leaving);
		}
	}

	/**
	 * Whether the call was given up, so that how it fails says nothing of the method.
	 */
	public boolean isCancelled() {
		return this.cancelled;
	}

	/**
	 * Whether the method was entered.
	 */
	boolean isEntered() {
		return this.entered;
	}

	@Nullable Object invoke() throws Throwable {
		if (method().interruptible()) {
			return InterruptibleRun.of(this, this::enter);
		}
		return enter();
	}

	private @Nullable Object enter() throws Throwable {
		this.entered = true;
		return this.method.invoke(this.arguments);
	}

	/**
	 * The arguments as they came, or {@code null} if none came.
	 */
	@Nullable RawJson params() {
		return this.call.params();
	}

	/**
	 * Whether the headers of the request belong to this call alone.
	 */
	boolean isSingle() {
		return this.single;
	}

	ServerCodec codec() {
		return this.method.codec();
	}

	StreamOpener streams() {
		return this.streams;
	}

	CallSource source() {
		return this.source;
	}

	/**
	 * Names the call in messages: {@code Stock/find}.
	 */
	@Override
	public String toString() {
		return method().fullName();
	}

}
