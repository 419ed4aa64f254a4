package dev.rpcboot.call;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

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

	/**
	 * How many calls of several callers travel in this batch, each with headers that are
	 * its own.
	 */
	public static final String COALESCED = "Rpc-Coalesced";

	/**
	 * How many calls may travel so, in an answer to a call of a method that takes next to
	 * no time.
	 */
	public static final String MAX_COALESCED = "Rpc-Max-Coalesced";

	/** Headers that each of the calls that travel together may have for itself. */
	private static final Set<String> OF_ONE_CALL = Set.of(TIMEOUT, ATTEMPT, CALL_ID, "traceparent", "tracestate");

	/** Outcome of the call, in an answer. */
	public static final String STATUS = "Rpc-Status";

	/** Prefix of application metadata. */
	public static final String META_PREFIX = "Rpc-Meta-";

	/** No headers. */
	public static final RpcHeaders EMPTY = new RpcHeaders(new String[0]);

	private static final boolean[] TOKEN = new boolean[128];

	static {
		for (char c = 0; c < TOKEN.length; c++) {
			TOKEN[c] = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
					|| "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
		}
	}

	/** Names and values in turn. */
	private final String[] entries;

	private RpcHeaders(String[] entries) {
		this.entries = entries;
	}

	/**
	 * These headers, in order.
	 * @param namesAndValues in turn; no name twice
	 * @throws IllegalArgumentException if a name is no token, or a value has a character
	 * other than visible ASCII, space and tab
	 */
	public static RpcHeaders of(String... namesAndValues) {
		if (namesAndValues.length % 2 != 0) {
			throw new IllegalArgumentException("The last name has no value");
		}
		for (int i = 0; i < namesAndValues.length; i += 2) {
			check(namesAndValues[i], namesAndValues[i + 1]);
		}
		return new RpcHeaders(namesAndValues.clone());
	}

	/**
	 * Value of the first header of that name, or {@code null}.
	 */
	public @Nullable String first(String name) {
		for (int i = 0; i < this.entries.length; i += 2) {
			if (this.entries[i].equalsIgnoreCase(name)) {
				return this.entries[i + 1];
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
		check(name, value);
		String[] changed = new String[this.entries.length + 2];
		int size = 0;
		for (int i = 0; i < this.entries.length; i += 2) {
			if (!this.entries[i].equalsIgnoreCase(name)) {
				changed[size++] = this.entries[i];
				changed[size++] = this.entries[i + 1];
			}
		}
		changed[size++] = name;
		changed[size++] = value;
		return new RpcHeaders((size == changed.length) ? changed : Arrays.copyOf(changed, size));
	}

	/**
	 * A copy in which the named headers have these values alone.
	 */
	public RpcHeaders with(RpcHeaders others) {
		String[] changed = new String[this.entries.length + others.entries.length];
		int size = 0;
		for (int i = 0; i < this.entries.length; i += 2) {
			if (others.first(this.entries[i]) == null) {
				changed[size++] = this.entries[i];
				changed[size++] = this.entries[i + 1];
			}
		}
		System.arraycopy(others.entries, 0, changed, size, others.entries.length);
		size += others.entries.length;
		return new RpcHeaders((size == changed.length) ? changed : Arrays.copyOf(changed, size));
	}

	/**
	 * A copy without the headers of other names.
	 */
	public RpcHeaders only(Predicate<String> names) {
		String[] kept = new String[this.entries.length];
		int size = 0;
		for (int i = 0; i < this.entries.length; i += 2) {
			if (names.test(this.entries[i])) {
				kept[size++] = this.entries[i];
				kept[size++] = this.entries[i + 1];
			}
		}
		return new RpcHeaders(Arrays.copyOf(kept, size));
	}

	/**
	 * Whether each of several calls that travel together may have that header for itself;
	 * the name as it is written here.
	 */
	public static boolean isOfOneCall(String name) {
		return OF_ONE_CALL.contains(name);
	}

	/**
	 * Shows every header, in order.
	 */
	public void forEach(BiConsumer<String, String> action) {
		for (int i = 0; i < this.entries.length; i += 2) {
			action.accept(this.entries[i], this.entries[i + 1]);
		}
	}

	/**
	 * Whether there is none.
	 */
	public boolean isEmpty() {
		return this.entries.length == 0;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof RpcHeaders that && Arrays.equals(this.entries, that.entries);
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.entries);
	}

	/**
	 * The names alone: values may be credentials.
	 */
	@Override
	public String toString() {
		List<String> names = new ArrayList<>();
		forEach((name, value) -> names.add(name));
		return names.toString();
	}

	private static void check(String name, String value) {
		if (!isToken(name)) {
			throw new IllegalArgumentException("Not a header name: letters, digits and hyphens are");
		}
		if (!isValue(value)) {
			throw new IllegalArgumentException(
					"The value of header " + name + " has a character other than visible ASCII");
		}
	}

	/**
	 * Whether there can be such a header.
	 */
	public static boolean isReadable(String name, String value) {
		return isToken(name) && isValue(value);
	}

	static boolean isToken(String name) {
		for (int i = 0; i < name.length(); i++) {
			if (!isTokenCharacter(name.charAt(i))) {
				return false;
			}
		}
		return !name.isEmpty();
	}

	/**
	 * Whether the name of a header may have that character.
	 */
	public static boolean isTokenCharacter(int c) {
		return c >= 0 && c < TOKEN.length && TOKEN[c];
	}

	static boolean isValue(String value) {
		for (int i = 0; i < value.length(); i++) {
			char c = value.charAt(i);
			if ((c < 0x20 || c >= 0x7f) && c != '\t') {
				return false;
			}
		}
		return true;
	}

}
