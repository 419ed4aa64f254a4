package dev.rpcboot.client;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;
import org.springframework.stereotype.Component;

/**
 * Marks a bean that implements a contract as the one to ask when the target cannot
 * answer: no instance, connection lost, circuit open, deadline passed, overloaded, or an
 * internal error. It never stands in for an exception of the contract, nor for a refusal
 * that is the caller's to mend, such as invalid arguments or missing permission. It is
 * not injected where the contract is asked for without a qualifier.
 *
 * @since 0.1
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.TYPE, ElementType.METHOD })
@Component
public @interface RpcFallback {

	/**
	 * The target it stands in for; empty for every target of the contract.
	 */
	String target() default "";

	/**
	 * Name of the bean, where it is not derived from the class.
	 */
	@AliasFor(annotation = Component.class)
	String value() default "";

}
