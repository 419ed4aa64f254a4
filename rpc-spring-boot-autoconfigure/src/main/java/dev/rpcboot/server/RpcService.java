package dev.rpcboot.server;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.stereotype.Component;

/**
 * Exports a bean: callers in other processes may call the methods of its contract. A
 * stereotype on a class, or on a {@code @Bean} method. Calls go through the bean's Spring
 * proxy, so that transactions, validation and method security work.
 *
 * @since 0.1
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.TYPE, ElementType.METHOD })
@Component
public @interface RpcService {

	/**
	 * The contract, where the bean implements several interfaces.
	 */
	Class<?> value() default void.class;

}
