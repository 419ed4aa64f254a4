package dev.rpcboot.autoconfigure.server;

import dev.rpcboot.server.CallThreads;

import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * How many requests the web server lets run at a time. Ours must be fewer: what waits for
 * a thread of the server cannot be seen, and so neither be refused nor end in time.
 */
final class WebServerThreads {

	/** As Tomcat and Jetty have it. */
	private static final int DEFAULT_THREADS = 200;

	/** Where no request waits for a thread of the server. */
	private static final int WITHOUT_THREADS = 1_000;

	private WebServerThreads() {
	}

	/**
	 * How many requests may run so that some threads are left to refuse others.
	 */
	static int concurrency(CallThreads threads, Environment environment) {
		if (!threads.mayBlock() || Threading.VIRTUAL.isActive(environment)) {
			return WITHOUT_THREADS;
		}
		boolean jetty = ClassUtils.isPresent("org.eclipse.jetty.server.Server",
				WebServerThreads.class.getClassLoader());
		int max = environment.getProperty(jetty ? "server.jetty.threads.max" : "server.tomcat.threads.max",
				Integer.class, DEFAULT_THREADS);
		return Math.max(1, 9 * max / 10);
	}

}
