package dev.rpcboot.client.transport;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.channels.SocketChannel;

import javax.net.ssl.SSLSocket;

import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.HttpMessageParserFactory;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers, but none that was there before its request: a proxy that sends one twice
 * would otherwise shift all that follow by one, and a refusal of one call, which need not
 * bear its id, would be taken for the refusal of the next, which then runs twice.
 */
final class AskedAnswerParser extends DefaultHttpResponseParser {

	static final HttpMessageParserFactory<ClassicHttpResponse> FACTORY = new HttpMessageParserFactory<>() {

		// the method that takes its place is not there with Spring Boot 4.0
		@Override
		@SuppressWarnings("deprecation")
		public HttpMessageParser<ClassicHttpResponse> create(@Nullable Http1Config config) {
			return new AskedAnswerParser();
		}

	};

	/** An interim answer is followed by another one to the same request. */
	private boolean interim;

	private AskedAnswerParser() {
		super(Http1.CONFIG);
	}

	/**
	 * Whether nothing has come by a connection, neither an answer that nobody asked for
	 * nor its end, as far as that can be seen without waiting. Of an encrypted one only
	 * the former can be.
	 */
	static boolean isQuiet(ManagedHttpClientConnection connection) {
		Socket socket = connection.getSocket();
		try {
			SocketChannel channel = (socket instanceof SSLSocket) ? null : socket.getChannel();
			return (channel != null) ? SocketConnection.isQuiet(channel) : socket.getInputStream().available() == 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Override
	public ClassicHttpResponse parse(SessionInputBuffer buffer, InputStream in) throws IOException, HttpException {
		if (!this.interim && buffer.length() > 0) {
			// read together with the answer before
			throw new IOException("the connection bore an answer that no request had asked for");
		}
		ClassicHttpResponse response = super.parse(buffer, in);
		this.interim = response.getCode() < HttpStatus.SC_OK;
		return response;
	}

}
