package dev.rpcboot;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names a contract on the wire. Without it the name is the interface's simple name.
 *
 * @since 0.1
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface RpcContract {

	/**
	 * Name of the service: a letter, then up to 127 letters, digits, dots, underscores or
	 * hyphens.
	 */
	String value();

}
