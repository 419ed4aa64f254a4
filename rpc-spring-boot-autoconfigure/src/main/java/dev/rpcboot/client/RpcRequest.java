package dev.rpcboot.client;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.RpcHeaders;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way out. Immutable; the {@code with} methods return changed copies.
 *
 * @since 0.1
 */
public final class RpcRequest {

	private final ClientMethod method;

	private final @Nullable Object[] arguments;

	private final CallContext context;

	private final RpcHeaders headers;

	private final int attempt;

	private final @Nullable RpcInstance instance;

	RpcRequest(ClientMethod method, @Nullable Object[] arguments, CallContext context) {
		this(method, arguments, context, RpcHeaders.EMPTY, 1, null);
	}

	private RpcRequest(ClientMethod method, @Nullable Object[] arguments, CallContext context, RpcHeaders headers,
			int attempt, @Nullable RpcInstance instance) {
		this.method = method;
		this.arguments = arguments;
		this.context = context;
		this.headers = headers;
		this.attempt = attempt;
		this.instance = instance;
	}

	/**
	 * The contract's method.
	 */
	public ContractMethod method() {
		return this.method.contract();
	}

	/**
	 * The target that is called.
	 */
	public String target() {
		return this.method.target();
	}

	/**
	 * How calls of this method are made.
	 */
	public CallSettings settings() {
		return this.method.settings();
	}

	/**
	 * The arguments, in order; unmodifiable.
	 */
	public List<@Nullable Object> arguments() {
		return Collections.unmodifiableList(Arrays.asList(this.arguments));
	}

	/**
	 * Deadline and cancellation.
	 */
	public CallContext context() {
		return this.context;
	}

	/**
	 * Headers that were added on the way.
	 */
	public RpcHeaders headers() {
		return this.headers;
	}

	/**
	 * Number of the attempt, from 1 on.
	 */
	public int attempt() {
		return this.attempt;
	}

	/**
	 * The chosen instance; before {@link ClientStage#TARGET} the one of the attempt
	 * before, or {@code null} if there was none.
	 */
	public @Nullable RpcInstance instance() {
		return this.instance;
	}

	/**
	 * What the prepared method knows beside the contract.
	 */
	ClientMethod prepared() {
		return this.method;
	}

	@Nullable Object[] rawArguments() {
		return this.arguments;
	}

	/**
	 * A copy with this header, in place of one of the same name.
	 * @throws IllegalArgumentException if the name is no token or the value has a
	 * character other than visible ASCII
	 */
	public RpcRequest withHeader(String name, String value) {
		return new RpcRequest(this.method, this.arguments, this.context, this.headers.with(name, value), this.attempt,
				this.instance);
	}

	/**
	 * A copy for another attempt.
	 * @param attempt number of the attempt
	 * @param previous the instance to avoid, or {@code null}
	 */
	public RpcRequest withAttempt(int attempt, @Nullable RpcInstance previous) {
		return new RpcRequest(this.method, this.arguments, this.context, this.headers, attempt, previous);
	}

	/**
	 * A copy addressed to an instance.
	 */
	public RpcRequest withInstance(RpcInstance instance) {
		return new RpcRequest(this.method, this.arguments, this.context, this.headers, this.attempt, instance);
	}

	/**
	 * A copy under another context.
	 */
	public RpcRequest withContext(CallContext context) {
		return new RpcRequest(this.method, this.arguments, context, this.headers, this.attempt, this.instance);
	}

	/**
	 * Names the call in messages: {@code Stock/find on warehouse}.
	 */
	@Override
	public String toString() {
		return method().fullName() + " on " + target();
	}

}
