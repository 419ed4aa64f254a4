package dev.rpcboot.calls;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts real applications on loopback, each with its own context, and stops them all.
 */
final class Applications implements AutoCloseable {

	/** Security stays on the class path and out of the way. */
	static final String WITHOUT_SECURITY = String.join(",",
			"org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
			"org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration",
			"org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration",
			"org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
			"org.springframework.boot.security.autoconfigure.ReactiveUserDetailsServiceAutoConfiguration");

	private final Deque<ConfigurableApplicationContext> running = new ArrayDeque<>();

	ConfigurableApplicationContext provider(WebApplicationType stack, Class<?> source, String... properties) {
		return start(stack, source, properties);
	}

	ConfigurableApplicationContext consumer(Class<?> source, String... properties) {
		return start(WebApplicationType.NONE, source, properties);
	}

	private ConfigurableApplicationContext start(WebApplicationType type, Class<?> source, String... properties) {
		List<String> all = new ArrayList<>(List.of("server.port=0", "server.address=127.0.0.1",
				"spring.main.banner-mode=off", "rpc.server.warn-if-unauthenticated=false", "rpc.server.drain.linger=0s",
				"spring.autoconfigure.exclude=" + WITHOUT_SECURITY));
		all.addAll(Arrays.asList(properties));
		ConfigurableApplicationContext context = new SpringApplicationBuilder(source).web(type)
			.properties(all.toArray(String[]::new))
			.run();
		this.running.push(context);
		return context;
	}

	static String url(ConfigurableApplicationContext provider) {
		return "http://127.0.0.1:" + provider.getEnvironment().getProperty("local.server.port");
	}

	@Override
	public void close() {
		this.running.forEach(ConfigurableApplicationContext::close);
	}

}
