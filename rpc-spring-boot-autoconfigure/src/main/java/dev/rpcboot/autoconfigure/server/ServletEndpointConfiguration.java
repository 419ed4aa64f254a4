package dev.rpcboot.autoconfigure.server;

import java.util.concurrent.Executor;

import dev.rpcboot.server.CallThreads;
import dev.rpcboot.server.RpcDispatcher;
import dev.rpcboot.server.servlet.RpcServlet;
import dev.rpcboot.server.servlet.TomcatValve;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.TaskDecorator;
import org.springframework.util.function.SingletonSupplier;

/**
 * The endpoint on a servlet container.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = Type.SERVLET)
class ServletEndpointConfiguration {

	@Bean
	@ConditionalOnMissingBean
	CallThreads rpcCallThreads(@Qualifier("rpcServerExecutor") Executor executor,
			@Qualifier("rpcServerTaskDecorator") ObjectProvider<TaskDecorator> context) {
		return CallThreads.threadPerRequest(executor, context.getIfAvailable());
	}

	@Bean
	@ConditionalOnMissingBean(name = "rpcServlet")
	ServletRegistrationBean<RpcServlet> rpcServlet(RpcServerProperties properties,
			ObjectProvider<RpcDispatcher> dispatcher) {
		RpcServlet servlet = new RpcServlet(SingletonSupplier.of(dispatcher::getObject));
		ServletRegistrationBean<RpcServlet> registration = new ServletRegistrationBean<>(servlet,
				properties.path() + "/*");
		registration.setName("rpcServlet");
		registration.setAsyncSupported(true);
		registration.setLoadOnStartup(1);
		return registration;
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ConfigurableTomcatWebServerFactory.class)
	static class TomcatConfiguration {

		@Bean
		WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> rpcTomcatCustomizer() {
			return (tomcat) -> tomcat.addEngineValves(new TomcatValve());
		}

	}

}
