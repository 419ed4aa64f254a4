package dev.rpcboot.autoconfigure.server;

import dev.rpcboot.server.CallThreads;

import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * How many threads the web server has. Our requests must hold fewer: what waits for a
 * thread of the server cannot be seen, and so neither be refused nor end in time.
 */
final class WebServerThreads {

	/** As Tomcat and Jetty have it. */
	private static final int DEFAULT_THREADS = 200;

	private WebServerThreads() {
	}

	/**
	 * How many requests may hold a thread so that some are left to refuse others. Where
	 * calls run on threads of our own, those refuse for themselves.
	 */
	static int available(CallThreads threads, Environment environment) {
		if (!threads.mayBlock() || Threading.VIRTUAL.isActive(environment)) {
			return Integer.MAX_VALUE;
		}
		boolean jetty = ClassUtils.isPresent("org.eclipse.jetty.server.Server",
				WebServerThreads.class.getClassLoader());
		int max = environment.getProperty(jetty ? "server.jetty.threads.max" : "server.tomcat.threads.max",
				Integer.class, DEFAULT_THREADS);
		return Math.max(1, 9 * max / 10);
	}

}
