package dev.rpcboot.autoconfigure.server;

import java.time.Duration;
import java.util.concurrent.Executor;

import dev.rpcboot.server.CallThreads;
import dev.rpcboot.server.DeadlineTimer;
import dev.rpcboot.server.RpcDispatcher;
import dev.rpcboot.server.webflux.RpcHandlerMapping;
import dev.rpcboot.server.webflux.RpcWebHandler;
import dev.rpcboot.server.webflux.RpcWebHandler.ThreadContext;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.task.TaskDecorator;
import org.springframework.util.function.SingletonSupplier;

/**
 * The endpoint on WebFlux.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = Type.REACTIVE)
class WebFluxEndpointConfiguration {

	@Bean
	@ConditionalOnMissingBean
	CallThreads rpcCallThreads(@Qualifier("rpcServerExecutor") Executor executor,
			@Qualifier("rpcServerTaskDecorator") ObjectProvider<TaskDecorator> context, DeadlineTimer timer) {
		return CallThreads.eventLoop(executor, context.getIfAvailable(), timer);
	}

	@Bean
	@ConditionalOnMissingBean
	RpcHandlerMapping rpcHandlerMapping(RpcServerProperties properties, ObjectProvider<RpcDispatcher> dispatcher,
			ObjectProvider<ThreadContext> threadContext, Environment environment) {
		// Tomcat tells it by itself
		Duration idleTimeout = Binder.get(environment).bind("server.netty.idle-timeout", Duration.class).orElse(null);
		return new RpcHandlerMapping(properties.path(), new RpcWebHandler(SingletonSupplier.of(dispatcher::getObject),
				threadContext.getIfAvailable(() -> ThreadContext.NONE), idleTimeout));
	}

}
