package dev.rpcboot.autoconfigure.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.server.DeadlineTimer;
import dev.rpcboot.server.RpcDispatcher;

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

	/** A registry that does not answer must not keep the application from stopping. */
	private static final Duration REGISTRY_TIME = Duration.ofSeconds(2);

	@Bean
	@ConditionalOnMissingBean(name = "rpcServerDrainShutdown")
	ShutdownStep rpcServerDrainShutdown(ObjectProvider<RpcDispatcher> dispatcher, RpcServerProperties properties,
			DeadlineTimer timer, ObjectProvider<Departure> departures) {
		List<Departure> all = departures.orderedStream().toList();
		return new ShutdownStep(ShutdownStep.LEAVING, (done) -> leave(all)
			.whenComplete((left, failure) -> dispatcher.getObject().drain(properties.drain().linger(), timer, done)));
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
