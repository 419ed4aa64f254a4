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

	/**
	 * Whether callers are content to know that the call was accepted. Its result must be
	 * {@code void}, or a future or {@code Mono} of {@code Void}. It is sent as a
	 * notification: the caller hears of it when the provider has accepted it, and never
	 * of how the method fares, which the provider's log and meters tell. It is never
	 * repeated once it may have arrived, so that {@link #idempotency()} must be left
	 * alone.
	 */
	boolean oneWay() default false;

	/**
	 * Whether the thread that runs the method may be interrupted when its caller has
	 * given up or its time is over. Only for methods that return their result themselves;
	 * those that return a future, a {@code Mono} or a stream are always cancelled. Off by
	 * default, because an interrupt hits whatever the method is doing, and not every
	 * library takes it well.
	 */
	boolean interruptible() default false;

}
