package dev.rpcboot.faults.consumer;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

import dev.rpcboot.faults.consumer.BareTimer.Timers;
import dev.rpcboot.faults.process.ControlServer;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The process of a consumer. Its application is started anew, with other properties, for
 * each test; what it has learned of its targets is gone then, and the process stays warm.
 */
public final class Consumer {

	private @Nullable ConfigurableApplicationContext context;

	private Consumer() {
	}

	public static void main(String[] arguments) throws IOException {
		Consumer consumer = new Consumer();
		new ControlServer().on("start", Start.class, (start) -> {
			consumer.start(start.properties());
			return true;
		}).on("registry", Registry.class, (registry) -> {
			consumer.bean(StubDiscovery.class).set(registry);
			return true;
		})
			.on("asked", Object.class, (nothing) -> consumer.bean(StubDiscovery.class).asked())
			.on("load", LoadPlan.class, (plan) -> consumer.bean(LoadGenerator.class).run(plan))
			.on("timer", Timers.class, BareTimer::measure)
			.start();
	}

	private synchronized void start(Map<String, String> properties) {
		if (this.context != null) {
			this.context.close();
		}
		Map<String, Object> all = new HashMap<>(properties);
		// the stub is a blocking client; the reactive one of the class path knows nothing
		all.put("spring.cloud.discovery.reactive.enabled", "false");
		all.put("spring.main.banner-mode", "off");
		this.context = new SpringApplicationBuilder(ConsumerApplication.class).web(WebApplicationType.NONE)
			.properties(all)
			.run();
	}

	private synchronized <T> T bean(Class<T> type) {
		if (this.context == null) {
			throw new IllegalStateException("Not started");
		}
		return this.context.getBean(type);
	}

	/**
	 * How to start the application.
	 */
	record Start(Map<String, String> properties) {
	}

}
