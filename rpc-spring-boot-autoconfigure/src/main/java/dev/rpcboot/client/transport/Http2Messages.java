package dev.rpcboot.client.transport;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.client.RpcTransport.Message;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.message.BasicHttpResponse;

/**
 * Requests and answers as HTTP/2 has them, and how they are limited.
 */
final class Http2Messages {

	private static final int MAX_HEAD = 16 * 1024;

	/** What a server may send of one answer before the client has looked at it. */
	private static final int WINDOW = 256 * 1024;

	/** Of all answers: those that nobody reads hold up the others only together. */
	private static final int CONNECTION_WINDOW = 64 * WINDOW;

	private static final AsciiString POST = AsciiString.cached("POST");

	private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");

	/** Of one call alone, or nobody's business: not worth, or not fit, to be kept. */
	private static final Set<AsciiString> NOT_KEPT = Set.of(lower(RpcHeaders.TIMEOUT), lower(RpcHeaders.CALL_ID),
			lower(RpcHeaders.IDEMPOTENCY_KEY), lower("traceparent"), lower("tracestate"), lower("b3"),
			lower("authorization"), lower("cookie"), CONTENT_LENGTH);

	private Http2Messages() {
	}

	/**
	 * Reads and writes the frames of one connection.
	 * @param streamClosed is run when there is room for one stream more
	 */
	static Http2FrameCodec codec(Runnable streamClosed) {
		io.netty.handler.codec.http2.Http2Connection connection = new DefaultHttp2Connection(false);
		connection.remote().flowController(new DefaultHttp2RemoteFlowController(connection, new OldestFirst()));
		connection.addListener(new Http2ConnectionAdapter() {

			@Override
			public void onStreamClosed(Http2Stream stream) {
				streamClosed.run();
			}

		});
		return new Codec(connection)
			.initialSettings(Http2Settings.defaultSettings()
				.pushEnabled(false)
				.maxConcurrentStreams(0)
				.initialWindowSize(WINDOW)
				.maxHeaderListSize(MAX_HEAD))
			.headerSensitivityDetector((name, value) -> NOT_KEPT.contains(AsciiString.of(name)))
			// when it is over is for Http2Connection to say
			.decoupleCloseAndGoAway(true)
			.build();
	}

	/**
	 * Lets the server send more by a connection than by each of its streams.
	 */
	static void enlargeWindow(Http2FrameCodec codec) throws Http2Exception {
		Http2LocalFlowController windows = codec.connection().local().flowController();
		windows.incrementWindowSize(codec.connection().connectionStream(),
				CONNECTION_WINDOW - windows.initialWindowSize(codec.connection().connectionStream()));
	}

	static Http2Headers request(Message message, Destination destination) {
		Http2Headers headers = new DefaultHttp2Headers(false, 16).method(POST)
			.scheme(destination.isSecure() ? "https" : "http")
			.authority(destination.hostHeader())
			.path(destination.path());
		HttpHeaders.forEach(message, (name, value) -> headers.add(lower(name), value));
		return headers.add(CONTENT_LENGTH, Integer.toString(message.body().length));
	}

	private static AsciiString lower(String name) {
		return AsciiString.cached(name.toLowerCase(Locale.ROOT));
	}

	/**
	 * The head of an answer.
	 * @throws ProtocolException if it has no status
	 */
	static HttpResponse response(Http2Headers headers) throws ProtocolException {
		HttpResponse response = new BasicHttpResponse(status(headers.status()));
		for (Map.Entry<CharSequence, CharSequence> header : headers) {
			if (!Http2Headers.PseudoHeaderName.hasPseudoHeaderFormat(header.getKey())) {
				response.addHeader(header.getKey().toString(), header.getValue().toString());
			}
		}
		return response;
	}

	private static int status(CharSequence status) throws ProtocolException {
		if (status == null || status.length() != 3 || !status.chars().allMatch((c) -> c >= '0' && c <= '9')) {
			throw new ProtocolException("An answer without a status");
		}
		return Integer.parseInt(status.toString());
	}

	/** A codec of a connection that was set up before. */
	private static final class Codec extends Http2FrameCodecBuilder {

		private Codec(io.netty.handler.codec.http2.Http2Connection connection) {
			connection(connection);
		}

		@Override
		public boolean isServer() {
			return false;
		}

	}

}
