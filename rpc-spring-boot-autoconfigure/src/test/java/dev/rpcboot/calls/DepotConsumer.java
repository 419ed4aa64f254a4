package dev.rpcboot.calls;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.rpcboot.client.RpcAttemptInterceptor;
import dev.rpcboot.client.RpcClient;
import dev.rpcboot.client.RpcClientInterceptor;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Calls depots without a reference, and notes what passes its interceptors.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class DepotConsumer {

	final RpcClient client;

	final List<String> calls = new CopyOnWriteArrayList<>();

	final List<String> attempts = new CopyOnWriteArrayList<>();

	final List<String> observed = new CopyOnWriteArrayList<>();

	DepotConsumer(RpcClient client) {
		this.client = client;
	}

	@Bean
	static ObservationRegistry observations(ObjectProvider<DepotConsumer> consumer) {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new Noting(consumer));
		return registry;
	}

	@Bean
	static CircuitBreakerRegistry breakers() {
		return CircuitBreakerRegistry.ofDefaults();
	}

	@Bean
	static RpcClientInterceptor notingCalls(ObjectProvider<DepotConsumer> consumer) {
		return (request, chain) -> {
			consumer.getObject().calls.add(request.method().fullName() + request.arguments());
			return chain.proceed(request);
		};
	}

	@Bean
	static RpcAttemptInterceptor notingAttempts(ObjectProvider<DepotConsumer> consumer) {
		return (request, chain) -> {
			consumer.getObject().attempts.add(request.instance().endpoint().getAuthority());
			return chain.proceed(request);
		};
	}

	private record Noting(ObjectProvider<DepotConsumer> consumer) implements ObservationHandler<Observation.Context> {

		@Override
		public void onStop(Observation.Context context) {
			this.consumer.getObject().observed.add(context.getLowCardinalityKeyValue("rpc.method").getValue() + ' '
					+ context.getLowCardinalityKeyValue("error.type").getValue());
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

}
