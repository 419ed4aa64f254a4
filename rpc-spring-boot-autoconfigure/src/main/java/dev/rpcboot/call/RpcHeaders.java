package dev.rpcboot.call;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

/**
 * Headers of a request or an answer, in order, with names that compare without regard to
 * case. Immutable; the {@code with} methods return changed copies. Names are tokens and
 * values visible ASCII, so that no header can smuggle in another.
 *
 * @since 0.1
 */
public final class RpcHeaders {

	/** Time left for the call, in milliseconds. */
	public static final String TIMEOUT = "Rpc-Timeout-Ms";

	/** Mirror of the method's name, for gateways. */
	public static final String METHOD = "Rpc-Method";

	/** Number of the attempt, from 2 on. */
	public static final String ATTEMPT = "Rpc-Attempt";

	/** What may be refused first under overload; see {@link Criticality}. */
	public static final String CRITICALITY = "Rpc-Criticality";

	/** One and the same for all attempts of a call that must run once. */
	public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

	/** Whether the answer was given before, to a call with the same idempotency key. */
	public static final String REPLAYED = "Rpc-Replayed";

	/** Unguessable id by which the same caller may cancel the call. */
	public static final String CALL_ID = "Rpc-Call-Id";

	/** Outcome of the call, in an answer. */
	public static final String STATUS = "Rpc-Status";

	/** Prefix of application metadata. */
	public static final String META_PREFIX = "Rpc-Meta-";

	/** No headers. */
	public static final RpcHeaders EMPTY = new RpcHeaders(List.of());

	private final List<Entry> entries;

	private RpcHeaders(List<Entry> entries) {
		this.entries = entries;
	}

	/**
	 * Value of the first header of that name, or {@code null}.
	 */
	public @Nullable String first(String name) {
		for (Entry entry : this.entries) {
			if (entry.name().equalsIgnoreCase(name)) {
				return entry.value();
			}
		}
		return null;
	}

	/**
	 * A copy in which the named header has this value alone.
	 * @throws IllegalArgumentException if the name is no token, or the value has a
	 * character other than visible ASCII, space and tab
	 */
	public RpcHeaders with(String name, String value) {
		List<Entry> changed = new ArrayList<>(this.entries.size() + 1);
		for (Entry entry : this.entries) {
			if (!entry.name().equalsIgnoreCase(name)) {
				changed.add(entry);
			}
		}
		changed.add(new Entry(name, value));
		return new RpcHeaders(changed);
	}

	/**
	 * Shows every header, in order.
	 */
	public void forEach(BiConsumer<String, String> action) {
		for (Entry entry : this.entries) {
			action.accept(entry.name(), entry.value());
		}
	}

	/**
	 * Whether there is none.
	 */
	public boolean isEmpty() {
		return this.entries.isEmpty();
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof RpcHeaders that && this.entries.equals(that.entries);
	}

	@Override
	public int hashCode() {
		return this.entries.hashCode();
	}

	/**
	 * The names alone: values may be credentials.
	 */
	@Override
	public String toString() {
		return this.entries.stream().map(Entry::name).toList().toString();
	}

	static boolean isToken(String name) {
		return !name.isEmpty() && name.chars().allMatch(RpcHeaders::isTokenCharacter);
	}

	private static boolean isTokenCharacter(int c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
				|| "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
	}

	static boolean isValue(String value) {
		return value.chars().allMatch((c) -> (c >= 0x20 && c < 0x7f) || c == '\t');
	}

	private record Entry(String name, String value) {

		private Entry {
			if (!isToken(name)) {
				throw new IllegalArgumentException("Not a header name: letters, digits and hyphens are");
			}
			if (!isValue(value)) {
				throw new IllegalArgumentException(
						"The value of header " + name + " has a character other than visible ASCII");
			}
		}

	}

}
