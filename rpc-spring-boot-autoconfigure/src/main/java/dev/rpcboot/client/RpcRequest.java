package dev.rpcboot.client;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.Criticality;
import dev.rpcboot.call.InboundCall;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.call.RpcMetadata;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way out. Immutable; the {@code with} methods return changed copies.
 *
 * @since 0.1
 */
public final class RpcRequest {

	private static final List<String> PROTOCOL_HEADERS = List.of(RpcHeaders.TIMEOUT, RpcHeaders.METHOD,
			RpcHeaders.ATTEMPT, RpcHeaders.CALL_ID, RpcHeaders.CRITICALITY, RpcHeaders.IDEMPOTENCY_KEY, "Accept");

	private final ClientMethod method;

	private final @Nullable Object[] arguments;

	private final CallContext context;

	private final RpcHeaders headers;

	private final Map<Class<?>, Object> attributes;

	private final int attempt;

	private final @Nullable RpcInstance instance;

	RpcRequest(ClientMethod method, @Nullable Object[] arguments, CallContext context) {
		this(method, arguments, context, RpcHeaders.EMPTY, Map.of(), 1, null);
	}

	private RpcRequest(ClientMethod method, @Nullable Object[] arguments, CallContext context, RpcHeaders headers,
			Map<Class<?>, Object> attributes, int attempt, @Nullable RpcInstance instance) {
		this.method = method;
		this.arguments = arguments;
		this.context = context;
		this.headers = headers;
		this.attributes = attributes;
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
	 * How critical the call is: as its settings say, or else as the call that is served
	 * meanwhile, or else {@link Criticality#CRITICAL}.
	 */
	public Criticality criticality() {
		Criticality own = settings().resilience().criticality();
		if (own != null) {
			return own;
		}
		InboundCall inbound = this.context.inbound();
		return (inbound != null) ? inbound.criticality() : Criticality.CRITICAL;
	}

	/**
	 * Whether it is several calls that are sent together.
	 */
	public boolean isBatch() {
		return this.method.form() instanceof BatchForm;
	}

	/**
	 * The arguments, in order; unmodifiable. Those of a batch are its
	 * {@link RpcBatch.Entry entries}; that of a generic call with named arguments is a
	 * map of them.
	 */
	public List<@Nullable Object> arguments() {
		return Collections.unmodifiableList(Arrays.asList(this.arguments));
	}

	/**
	 * The arguments as they go on the wire: equal bytes mean equal calls.
	 * @throws IllegalArgumentException if an argument cannot be encoded
	 */
	public byte[] encodedArguments() {
		return this.method.form().encodeArguments(this.arguments);
	}

	/**
	 * An argument of a contract's method as it goes on the wire: equal bytes mean equal
	 * arguments, whatever the method.
	 * @param position its position, from 0 on
	 * @throws IllegalArgumentException if it cannot be encoded
	 */
	public byte[] encodedArgument(int position) {
		@Nullable Object[] alone = new @Nullable Object[this.arguments.length];
		alone[position] = this.arguments[position];
		byte[] encoded = this.method.form().encodeArguments(alone);
		// without the brackets and the others' nulls
		int others = "null,".length();
		return Arrays.copyOfRange(encoded, 1 + position * others,
				encoded.length - 1 - (alone.length - 1 - position) * others);
	}

	/**
	 * Decodes an answer to this request as its caller will see it.
	 * @throws dev.rpcboot.RpcProtocolException if it does not fit the contract
	 */
	public @Nullable Object decode(RpcResponse response) {
		return this.method.form().decode(response);
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
	 * What an interceptor further out left under this key, or {@code null}.
	 */
	public <T> @Nullable T attribute(Class<T> key) {
		return key.cast(this.attributes.get(key));
	}

	/**
	 * Number of the attempt, from 1 on.
	 */
	public int attempt() {
		return this.attempt;
	}

	/**
	 * The chosen instance, or {@code null} before {@link ClientStage#TARGET}.
	 */
	public @Nullable RpcInstance instance() {
		return this.instance;
	}

	ClientMethod prepared() {
		return this.method;
	}

	@Nullable Object[] rawArguments() {
		return this.arguments;
	}

	/**
	 * The metadata among the headers.
	 */
	public RpcMetadata metadata() {
		return RpcMetadata.in(this.headers);
	}

	/**
	 * A copy with this header, in place of one of the same name.
	 * @throws IllegalArgumentException if the name is no token or the value has a
	 * character other than visible ASCII, or if it is refused as metadata or is one that
	 * the protocol sets itself
	 */
	public RpcRequest withHeader(String name, String value) {
		if (CompressedTransport.sets(name)) {
			throw new IllegalArgumentException(
					name + " is not for interceptors to set; use the settings rpc.client.compression.*");
		}
		if (PROTOCOL_HEADERS.stream().anyMatch(name::equalsIgnoreCase)) {
			throw new IllegalArgumentException(name + " is not for interceptors to set; the protocol does");
		}
		return RpcMetadata.isMetadata(name) ? withMetadata(name.substring(RpcHeaders.META_PREFIX.length()), value)
				: withHeaders(this.headers.with(name, value));
	}

	/**
	 * A copy with this metadata too, in place of that of the same name.
	 * @throws IllegalArgumentException if the name or the value is refused, or there is
	 * more than {@link RpcMetadata#MAX_SIZE} in all
	 */
	public RpcRequest withMetadata(String name, String value) {
		return withHeaders(metadata().and(name, value).addTo(this.headers));
	}

	RpcRequest withMetadata(RpcMetadata metadata) {
		return (metadata == RpcMetadata.EMPTY) ? this : withHeaders(metadata.addTo(this.headers));
	}

	private RpcRequest withHeaders(RpcHeaders headers) {
		return new RpcRequest(this.method, this.arguments, this.context, headers, this.attributes, this.attempt,
				this.instance);
	}

	/**
	 * A copy that carries a value to interceptors further in; it never leaves the
	 * process.
	 */
	public <T> RpcRequest withAttribute(Class<T> key, T value) {
		return new RpcRequest(this.method, this.arguments, this.context, this.headers, withEntry(key, value),
				this.attempt, this.instance);
	}

	private Map<Class<?>, Object> withEntry(Class<?> key, Object value) {
		if (this.attributes.isEmpty()) {
			return Map.of(key, value);
		}
		Map<Class<?>, Object> changed = new HashMap<>(this.attributes);
		changed.put(key, value);
		return Map.copyOf(changed);
	}

	/**
	 * A copy for another attempt.
	 */
	public RpcRequest withAttempt(int attempt) {
		return new RpcRequest(this.method, this.arguments, this.context, this.headers, this.attributes, attempt,
				this.instance);
	}

	/**
	 * A copy addressed to an instance.
	 */
	public RpcRequest withInstance(RpcInstance instance) {
		return new RpcRequest(this.method, this.arguments, this.context, this.headers, this.attributes, this.attempt,
				instance);
	}

	/**
	 * A copy under another context.
	 */
	public RpcRequest withContext(CallContext context) {
		return new RpcRequest(this.method, this.arguments, context, this.headers, this.attributes, this.attempt,
				this.instance);
	}

	/**
	 * Names the call in messages: {@code Stock/find on warehouse}.
	 */
	@Override
	public String toString() {
		return this.method.toString();
	}

}
