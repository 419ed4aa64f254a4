package dev.rpcboot.client;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * What broke an exchange in which several calls travelled together, as the cause of the
 * failure of each: it happened once, and so it counts once for each of those who judge a
 * target or an instance by its failures.
 */
final class SharedLossException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient Counted counted;

	SharedLossException(@Nullable Throwable cause, Counted counted) {
		super("It was one of the calls that a request bore", cause);
		this.counted = counted;
	}

	/**
	 * Whether that judge has counted it already; if not, it has now.
	 */
	boolean isCounted(Object judge) {
		return !this.counted.judges.add(judge);
	}

	/**
	 * Who has counted what became of an exchange.
	 */
	static final class Counted {

		private final Set<Object> judges = ConcurrentHashMap.newKeySet();

	}

}
