package dev.rpcboot.client;

import org.jspecify.annotations.Nullable;

/**
 * Knows the beans that stand in for targets that cannot answer.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface FallbackResolver {

	/**
	 * The implementation that stands in for the target, or {@code null} if there is none.
	 */
	@Nullable Object fallback(Class<?> contract, String target);

}
