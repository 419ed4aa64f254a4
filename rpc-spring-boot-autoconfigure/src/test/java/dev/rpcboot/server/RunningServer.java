package dev.rpcboot.server;

import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * An application on a real port of the loopback interface.
 */
final class RunningServer implements AutoCloseable {

	private static final List<String> WITHOUT_SECURITY = List.of(
			"org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
			"org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration",
			"org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration",
			"org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
			"org.springframework.boot.security.autoconfigure.ReactiveUserDetailsServiceAutoConfiguration");

	private final ConfigurableApplicationContext context;

	private RunningServer(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/**
	 * Starts an application without Spring Security's filters.
	 */
	static RunningServer open(Stack stack, Class<?> application, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("spring.autoconfigure.exclude=" + String.join(",", WITHOUT_SECURITY));
		return secured(stack, application, all.toArray(String[]::new));
	}

	static RunningServer secured(Stack stack, Class<?> application, String... properties) {
		List<String> all = new ArrayList<>(List.of("server.port=0", "server.address=127.0.0.1",
				"spring.main.banner-mode=off", "spring.application.name=server", "rpc.server.drain.linger=0s"));
		all.addAll(List.of(properties));
		return new RunningServer(new SpringApplicationBuilder(application)
			.web((stack == Stack.SERVLET) ? WebApplicationType.SERVLET : WebApplicationType.REACTIVE)
			.properties(all.toArray(String[]::new))
			.run());
	}

	int port() {
		return this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	ConfigurableApplicationContext context() {
		return this.context;
	}

	/**
	 * Sends one request over a connection of its own.
	 */
	RawHttp.Answer send(RawHttp.Request request) {
		try (RawHttp http = new RawHttp(port())) {
			return http.send(request);
		}
	}

	/**
	 * Calls a service with a JSON body.
	 */
	RawHttp.Answer call(String service, String body, String... headers) {
		return send(RawHttp.Request.call("/rpc/" + service, body, headers));
	}

	@Override
	public void close() {
		this.context.close();
	}

}
