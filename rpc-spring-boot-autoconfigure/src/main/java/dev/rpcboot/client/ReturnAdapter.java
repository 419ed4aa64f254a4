package dev.rpcboot.client;

import org.jspecify.annotations.Nullable;

/**
 * The edge between a Java method and the pipeline, chosen once per method by how the
 * method hands over its result.
 */
@FunctionalInterface
interface ReturnAdapter {

	/**
	 * Makes the call.
	 * @return what the Java method returns
	 */
	@Nullable Object call(@Nullable Object[] arguments) throws Throwable;

}
