package dev.rpcboot;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * States what a caller may rely on when it calls a method of a contract. A method without
 * it is exported under its own name and is never repeated once it may have run.
 * <p>
 * On a default method the annotation makes the method remote; without it a default method
 * runs in the caller's process.
 *
 * @since 0.1
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface RpcMethod {

	/**
	 * Name on the wire, where it is not the method's own; overloaded methods need one
	 * each.
	 */
	String value() default "";

	/**
	 * What repeating the method means.
	 */
	Idempotency idempotency() default Idempotency.NONE;

	/**
	 * Whether the signature may contain {@link Object}, read and written as plain JSON
	 * values.
	 */
	boolean untyped() default false;

}
