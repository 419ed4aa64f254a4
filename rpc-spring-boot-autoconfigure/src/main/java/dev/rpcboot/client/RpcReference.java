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
 * <p>
 * The type is the contract's interface, or an {@code ObjectProvider} or {@code Optional}
 * of it. On a method the annotation needs a {@code void} method with one parameter. It
 * may stand on an annotation of the application's, which then stands for that target. A
 * bean of the same type is not taken for the reference, whatever its name; without the
 * annotation it is what is injected.
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
	 * {@code rpc.client.targets} or as the service id that discovery knows it by. Taken
	 * as it is: placeholders are not resolved.
	 */
	String value();

}
