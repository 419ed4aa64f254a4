package dev.rpcboot.jsonrpc;

import java.util.List;

import dev.rpcboot.RpcViolation;
import dev.rpcboot.call.RpcStatus;
import org.jspecify.annotations.Nullable;

/**
 * A request that is refused before its method is entered. It is the peer's mistake and
 * costs no stack trace.
 *
 * @since 0.1
 */
public final class JsonRpcException extends Exception {

	private static final long serialVersionUID = 1L;

	private final RpcStatus status;

	private final transient @Nullable RawJson id;

	@SuppressWarnings("serial")
	private final List<RpcViolation> violations;

	JsonRpcException(RpcStatus status, @Nullable RawJson id, List<RpcViolation> violations) {
		super(status.name(), null, false, false);
		this.status = status;
		this.id = id;
		this.violations = List.copyOf(violations);
	}

	/**
	 * Why it is refused.
	 */
	public RpcStatus status() {
		return this.status;
	}

	/**
	 * The id to answer under, or {@code null} if it could not be read.
	 */
	public @Nullable RawJson id() {
		return this.id;
	}

	/**
	 * What is wrong with which argument; may be empty.
	 */
	public List<RpcViolation> violations() {
		return this.violations;
	}

}
