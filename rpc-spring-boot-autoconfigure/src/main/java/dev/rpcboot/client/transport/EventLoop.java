package dev.rpcboot.client.transport;

import org.apache.hc.core5.concurrent.DefaultThreadFactory;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.impl.nio.ClientHttp1IOEventHandlerFactory;
import org.apache.hc.core5.http.impl.nio.ClientHttp1StreamDuplexerFactory;
import org.apache.hc.core5.http.protocol.HttpProcessor;
import org.apache.hc.core5.http.protocol.HttpProcessorBuilder;
import org.apache.hc.core5.reactor.DefaultConnectingIOReactor;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.TimeValue;

/**
 * Sets up the threads on which asynchronous exchanges happen.
 */
final class EventLoop {

	// how late a connect timeout may be noticed; the library's default is a second
	private static final TimeValue TICK = TimeValue.ofMilliseconds(50);

	private EventLoop() {
	}

	static DefaultConnectingIOReactor start() {
		HttpProcessor untouched = HttpProcessorBuilder.create().build();
		ClientHttp1StreamDuplexerFactory http1 = new ClientHttp1StreamDuplexerFactory(untouched, Http1.CONFIG,
				CharCodingConfig.DEFAULT);
		IOReactorConfig config = IOReactorConfig.custom().setTcpNoDelay(true).setSelectInterval(TICK).build();
		DefaultConnectingIOReactor reactor = new DefaultConnectingIOReactor(
				new ClientHttp1IOEventHandlerFactory(http1, null, null), config,
				new DefaultThreadFactory("rpc-client-io", true), null, null, null, null);
		reactor.start();
		return reactor;
	}

}
