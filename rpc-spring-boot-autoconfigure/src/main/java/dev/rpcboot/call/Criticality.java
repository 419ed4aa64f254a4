package dev.rpcboot.call;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * What a server may refuse first when it has more calls than it can serve, most important
 * first. A call that is made while another is served is as critical as that one, unless
 * its settings say otherwise.
 *
 * @since 0.1
 * @see <a href="https://sre.google/sre-book/handling-overload/">Site Reliability
 * Engineering, chapter 21: Handling Overload</a>
 */
public enum Criticality {

	/** Refused last: people notice when it fails. */
	CRITICAL_PLUS,

	/** What calls are that say nothing. */
	CRITICAL,

	/** Can wait for minutes, such as work that is repeated by itself. */
	SHEDDABLE_PLUS,

	/** Can fail often, such as prefetching. */
	SHEDDABLE;

	private final String wireName = name().toLowerCase(Locale.ROOT);

	/**
	 * The name in the header {@code Rpc-Criticality}.
	 */
	public String wireName() {
		return this.wireName;
	}

	/**
	 * The criticality of that name on the wire, or {@code null} if it is none.
	 */
	public static @Nullable Criticality named(@Nullable String wireName) {
		for (Criticality criticality : values()) {
			if (criticality.wireName.equals(wireName)) {
				return criticality;
			}
		}
		return null;
	}

}
