package dev.rpcboot.autoconfigure.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.server.DeadlineTimer;
import dev.rpcboot.server.RpcDispatcher;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cloud.client.serviceregistry.AutoServiceRegistration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Leaving: first discovery, so that nobody new comes, then the callers that come all the
 * same, and only then the web server. Spring Boot has said by then that the application
 * is not ready any more.
 */
@Configuration(proxyBeanMethods = false)
class DrainConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(DrainConfiguration.class);

	/** A registry that does not answer must not keep the application from stopping. */
	private static final Duration REGISTRY_TIME = Duration.ofSeconds(2);

	@Bean
	@ConditionalOnMissingBean(name = "rpcServerDrainShutdown")
	ShutdownStep rpcServerDrainShutdown(ObjectProvider<RpcDispatcher> dispatcher, RpcServerProperties properties,
			DeadlineTimer timer, ObjectProvider<Departure> departures) {
		List<Departure> all = departures.orderedStream().toList();
		Duration linger = properties.drain().linger();
		return new ShutdownStep(ShutdownStep.LEAVING,
				(done) -> leave(all).whenComplete((left, failure) -> drain(dispatcher, linger, timer, done)),
				() -> dispatcher.getObject().resume());
	}

	private static void drain(ObjectProvider<RpcDispatcher> dispatcher, Duration linger, DeadlineTimer timer,
			Runnable done) {
		try {
			dispatcher.getObject().drain(linger, timer, done);
		}
		catch (RuntimeException ex) {
			// of a dispatcher that was never needed, and cannot be made any more
			logger.debug("Callers could not be told that the application stops", ex);
			done.run();
		}
	}

	private static CompletableFuture<Void> leave(List<Departure> departures) {
		CompletableFuture<Void> left = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			departures.forEach(Departure::leave);
			left.complete(null);
		}, "rpc-server-departure");
		thread.setDaemon(true);
		thread.start();
		return left.completeOnTimeout(null, REGISTRY_TIME.toMillis(), TimeUnit.MILLISECONDS);
	}

	/**
	 * Something by which callers find this instance, and are not to do so any more. Does
	 * not fail.
	 */
	@FunctionalInterface
	interface Departure {

		void leave();

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(AutoServiceRegistration.class)
	static class RegistryConfiguration {

		@Bean
		Departure rpcServerRegistryDeparture(ObjectProvider<AutoServiceRegistration> registrations) {
			return new RegistryDeparture(registrations);
		}

	}

}
