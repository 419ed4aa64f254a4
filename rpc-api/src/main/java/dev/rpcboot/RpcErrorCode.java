package dev.rpcboot;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares an exception of a contract to travel to the caller, and gives it a code for
 * callers in other languages. An exception in the {@code throws} clause of a contract's
 * method travels without it, under code 1 and its simple name.
 *
 * @since 0.1
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface RpcErrorCode {

	/**
	 * Code on the wire: any integer outside -32768 to -32000, which JSON-RPC 2.0
	 * reserves.
	 */
	int value() default 1;

	/**
	 * Name on the wire, where it is not the simple class name.
	 */
	String type() default "";

}
