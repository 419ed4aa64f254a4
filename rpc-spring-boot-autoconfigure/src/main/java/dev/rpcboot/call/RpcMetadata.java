package dev.rpcboot.call;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What a caller sends beside the arguments, such as a tenant or a locale: small texts
 * under names, as {@code Rpc-Meta-*} headers. Names compare without regard to case.
 * Immutable; names and values are never logged by us.
 *
 * <pre>
 * Stock stock = RpcMetadata.of("tenant", "acme").call(() -&gt; stocks.find("A-1"));
 * String tenant = InboundCall.current().metadata().get("tenant");   // in the exported method
 * </pre>
 *
 * What came with a call is not sent on with calls made meanwhile. Names that carry
 * credentials, or belong to HTTP, to the protocol or to tracing, are refused.
 *
 * @since 0.1
 */
public final class RpcMetadata {

	/** The most characters of all headers together, names and prefixes included. */
	public static final int MAX_SIZE = 8 * 1024;

	/** No metadata. */
	public static final RpcMetadata EMPTY = new RpcMetadata(Map.of());

	private static final ThreadLocal<@Nullable RpcMetadata> OUTBOUND = new ThreadLocal<>();

	private final Map<String, String> values;

	private RpcMetadata(Map<String, String> values) {
		this.values = values;
	}

	/**
	 * One value.
	 * @param name a token, such as {@code tenant}
	 * @param value visible ASCII, with spaces within
	 * @throws IllegalArgumentException if the name or the value is refused, or both are
	 * above {@link #MAX_SIZE}
	 */
	public static RpcMetadata of(String name, String value) {
		return EMPTY.and(name, value);
	}

	/**
	 * A copy with this value too, in place of one of the same name.
	 * @throws IllegalArgumentException if the name or the value is refused, or all are
	 * above {@link #MAX_SIZE}
	 */
	public RpcMetadata and(String name, String value) {
		String key = name.toLowerCase(Locale.ROOT);
		String refusal = refusal(key, value);
		if (refusal != null) {
			throw new IllegalArgumentException(refusal);
		}
		Map<String, String> changed = new LinkedHashMap<>(this.values);
		changed.put(key, value);
		int size = changed.entrySet().stream().mapToInt((entry) -> size(entry.getKey(), entry.getValue())).sum();
		if (size > MAX_SIZE) {
			throw new IllegalArgumentException("With '" + key + "' there are " + size + " characters of "
					+ RpcHeaders.META_PREFIX + "* headers; " + MAX_SIZE + " are allowed. Send it as an argument");
		}
		return new RpcMetadata(Collections.unmodifiableMap(changed));
	}

	private RpcMetadata and(RpcMetadata more) {
		RpcMetadata all = this;
		for (Map.Entry<String, String> entry : more.values.entrySet()) {
			all = all.and(entry.getKey(), entry.getValue());
		}
		return all;
	}

	private static @Nullable String refusal(String name, String value) {
		if (!RpcHeaders.isToken(name)) {
			return "Not a name of metadata: letters, digits and hyphens are";
		}
		String reason = RefusedMetadata.reason(name);
		if (reason != null) {
			return "The name '" + name + "' " + reason + "; it is not sent as metadata";
		}
		return (RpcHeaders.isValue(value) && value.equals(value.strip())) ? null : "The value of '" + name
				+ "' has a character other than visible ASCII and spaces within; encode it, for example in Base64";
	}

	private static int size(String name, String value) {
		return RpcHeaders.META_PREFIX.length() + name.length() + value.length();
	}

	/**
	 * The value of that name, or {@code null}.
	 */
	public @Nullable String get(String name) {
		return this.values.get(name.toLowerCase(Locale.ROOT));
	}

	/**
	 * The names, in lower case and in order; unmodifiable.
	 */
	public Set<String> names() {
		return this.values.keySet();
	}

	/**
	 * A copy with the values of those names alone, as far as there are any: for what is
	 * passed on.
	 */
	public RpcMetadata only(String... names) {
		Map<String, String> kept = new LinkedHashMap<>(this.values);
		kept.keySet().retainAll(Arrays.stream(names).map((name) -> name.toLowerCase(Locale.ROOT)).toList());
		return new RpcMetadata(Collections.unmodifiableMap(kept));
	}

	/**
	 * Sends this with every call that the action starts on this thread, beside what an
	 * action around this one sends. Calls that it has other threads start are not meant.
	 * @return what the action returns
	 * @throws IllegalArgumentException if both together are above {@link #MAX_SIZE}
	 * @throws X if the action does
	 */
	public <T extends @Nullable Object, X extends Throwable> T call(Action<T, X> action) throws X {
		RpcMetadata outer = enter();
		try {
			return action.call();
		}
		finally {
			leave(outer);
		}
	}

	/**
	 * Like {@link #call}, for an action without a result.
	 */
	public void run(Runnable action) {
		RpcMetadata outer = enter();
		try {
			action.run();
		}
		finally {
			leave(outer);
		}
	}

	private @Nullable RpcMetadata enter() {
		RpcMetadata outer = OUTBOUND.get();
		OUTBOUND.set((outer != null) ? outer.and(this) : this);
		return outer;
	}

	private static void leave(@Nullable RpcMetadata outer) {
		if (outer != null) {
			OUTBOUND.set(outer);
		}
		else {
			OUTBOUND.remove();
		}
	}

	/**
	 * What calls that this thread starts now bear.
	 */
	public static RpcMetadata outbound() {
		RpcMetadata outbound = OUTBOUND.get();
		return (outbound != null) ? outbound : EMPTY;
	}

	/**
	 * The metadata among headers. What is refused is left out.
	 */
	public static RpcMetadata in(RpcHeaders headers) {
		Map<String, String> values = new LinkedHashMap<>();
		headers.forEach((name, value) -> {
			if (isMetadata(name)) {
				String key = name.substring(RpcHeaders.META_PREFIX.length()).toLowerCase(Locale.ROOT);
				if (refusal(key, value) == null) {
					values.putIfAbsent(key, value);
				}
			}
		});
		return values.isEmpty() ? EMPTY : new RpcMetadata(Collections.unmodifiableMap(values));
	}

	/**
	 * Whether a header of that name is metadata.
	 */
	public static boolean isMetadata(String header) {
		return header.regionMatches(true, 0, RpcHeaders.META_PREFIX, 0, RpcHeaders.META_PREFIX.length());
	}

	/**
	 * The headers with this metadata among them, in place of values of the same names.
	 */
	public RpcHeaders addTo(RpcHeaders headers) {
		RpcHeaders all = headers;
		for (Map.Entry<String, String> entry : this.values.entrySet()) {
			all = all.with(RpcHeaders.META_PREFIX + entry.getKey(), entry.getValue());
		}
		return all;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof RpcMetadata that && this.values.equals(that.values);
	}

	@Override
	public int hashCode() {
		return this.values.hashCode();
	}

	/**
	 * The names alone: values are the application's.
	 */
	@Override
	public String toString() {
		return this.values.keySet().toString();
	}

	/**
	 * Something that starts calls.
	 *
	 * @param <T> type of its result
	 * @param <X> what it throws
	 */
	@FunctionalInterface
	public interface Action<T extends @Nullable Object, X extends Throwable> {

		/**
		 * Does it.
		 */
		T call() throws X;

	}

}
