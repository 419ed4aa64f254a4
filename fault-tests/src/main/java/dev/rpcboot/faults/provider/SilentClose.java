package dev.rpcboot.faults.provider;

import java.time.Duration;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Closes idle connections without having said when, where
 * {@code faults.silent-idle-timeout} says so.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("faults.silent-idle-timeout")
@ConditionalOnWebApplication(type = Type.REACTIVE)
class SilentClose {

	@Bean
	NettyServerCustomizer silentIdleTimeout(Environment environment) {
		Duration timeout = environment.getRequiredProperty("faults.silent-idle-timeout", Duration.class);
		return (server) -> server.idleTimeout(timeout);
	}

}
