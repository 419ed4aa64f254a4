package dev.rpcboot.call;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The call that the current thread is serving: what its method may know of its caller,
 * and the time left, which a call made meanwhile inherits. The server opens it around the
 * method; whatever moves work to another thread carries it along by Micrometer's context
 * propagation. Immutable.
 *
 * @since 0.1
 */
public final class InboundCall {

	private static final ThreadLocal<@Nullable InboundCall> CURRENT = new ThreadLocal<>();

	private final Deadline deadline;

	private final Supplier<RpcMetadata> metadata;

	private final boolean repeated;

	private final Criticality criticality;

	/**
	 * Creates one without metadata.
	 * @param deadline when the caller stops waiting
	 */
	public InboundCall(Deadline deadline) {
		this(deadline, () -> RpcMetadata.EMPTY);
	}

	/**
	 * Creates one.
	 * @param deadline when the caller stops waiting
	 * @param metadata reads what the caller sent beside the arguments, when it is asked
	 * for
	 */
	public InboundCall(Deadline deadline, Supplier<RpcMetadata> metadata) {
		this(deadline, metadata, false, Criticality.CRITICAL);
	}

	/**
	 * Creates one.
	 * @param deadline when the caller stops waiting
	 * @param metadata reads what the caller sent beside the arguments, when it is asked
	 * for
	 * @param repeated whether the caller has made an attempt before
	 * @param criticality how critical the call is
	 */
	public InboundCall(Deadline deadline, Supplier<RpcMetadata> metadata, boolean repeated, Criticality criticality) {
		this.deadline = deadline;
		this.metadata = metadata;
		this.repeated = repeated;
		this.criticality = criticality;
	}

	/**
	 * When the caller stops waiting.
	 */
	public Deadline deadline() {
		return this.deadline;
	}

	/**
	 * What the caller sent beside the arguments. Calls made meanwhile do not bear it: to
	 * pass some of it on, say so by {@link RpcMetadata#only} and
	 * {@link RpcMetadata#call}.
	 */
	public RpcMetadata metadata() {
		return this.metadata.get();
	}

	/**
	 * Whether the caller has made an attempt before. Calls made meanwhile are not
	 * repeated themselves, so that attempts do not multiply from hop to hop.
	 */
	public boolean isRepeated() {
		return this.repeated;
	}

	/**
	 * How critical the call is, and with it the calls made meanwhile.
	 */
	public Criticality criticality() {
		return this.criticality;
	}

	/**
	 * The call that this thread serves, or {@code null} if it serves none.
	 */
	public static @Nullable InboundCall current() {
		return CURRENT.get();
	}

	/**
	 * Makes the given call the current one of this thread, or none if {@code null}.
	 * @return the previous one, to be set again afterwards
	 */
	public static @Nullable InboundCall set(@Nullable InboundCall call) {
		InboundCall previous = CURRENT.get();
		if (call == null) {
			CURRENT.remove();
		}
		else {
			CURRENT.set(call);
		}
		return previous;
	}

}
