package dev.rpcboot.client;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;

/**
 * Injects a contract that another application serves. The reference is an ordinary bean,
 * registered before any bean is created: it can be injected into a field, a constructor,
 * a setter or a {@code @Bean} method, replaced in tests, and is never {@code null},
 * whichever application starts first.
 *
 * @since 0.1
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.ANNOTATION_TYPE })
@Autowired
@Qualifier
public @interface RpcReference {

	/**
	 * The target: the application that serves the contract, as an entry of
	 * {@code rpc.client.targets} or as the service id that discovery knows it by.
	 */
	String value();

}
