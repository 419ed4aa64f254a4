package dev.rpcboot.client.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.client.RpcTransport.Answer;
import dev.rpcboot.client.RpcTransport.Message;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a server, used for one exchange at a time by the thread that waits for
 * it. Only {@link #abort()} may be called from another.
 */
final class SocketConnection {

	/** A server that has answered within this time is not asked whether it is there. */
	private static final long RECENTLY = TimeUnit.MILLISECONDS.toNanos(1);

	/** How long a secure one is idle before that costs a millisecond: to wait for it. */
	private static final long FOR_LONG = TimeUnit.SECONDS.toNanos(1);

	/** Bodies up to here are written together with their heads. */
	private static final int SMALL = 16 * 1024;

	/** How much is written at once: the JDK keeps as much memory for each thread. */
	private static final int MAX_WRITE = 64 * 1024;

	private final RequestBytes request = new RequestBytes();

	private final Runnable abort = this::abort;

	private final long madeAt = System.currentTimeMillis();

	private @Nullable SocketChannel channel;

	private boolean aborted;

	private @Nullable Streams streams;

	/** As the server has said last; it says so once. */
	private long keepSeconds = Long.MAX_VALUE;

	private boolean used;

	private long usedAt;

	private long expiresAt;

	boolean isOpen() {
		return this.streams != null;
	}

	/** When it was made, by the wall clock, in milliseconds. */
	long madeAt() {
		return this.madeAt;
	}

	/**
	 * Opens it to the first of the addresses that takes it.
	 * @param tls makes it a secure one, or {@code null}
	 */
	void open(InetAddress[] addresses, Attempt attempt, @Nullable SocketTls tls) throws IOException {
		Socket socket = connect(addresses, attempt);
		socket.setTcpNoDelay(true);
		if (tls != null) {
			socket = tls.secure(socket, attempt);
		}
		InputStream in = socket.getInputStream();
		AnswerLines lines = new AnswerLines(in);
		this.streams = new Streams(socket, in, socket.getOutputStream(), lines, new AnswerParser(lines), tls != null);
		this.usedAt = System.nanoTime() - FOR_LONG;
	}

	private Socket connect(InetAddress[] addresses, Attempt attempt) throws IOException {
		IOException failure = new UnknownHostException("No address");
		for (InetAddress address : addresses) {
			// The socket of a channel: unlike a plain one it wakes when its thread is
			// interrupted.
			SocketChannel channel = SocketChannel.open();
			hold(channel);
			try {
				Socket socket = channel.socket();
				socket.connect(new InetSocketAddress(address, attempt.destination().port()),
						Math.max(1, attempt.connectTimeout().toMillisecondsIntBound()));
				return socket;
			}
			catch (IOException ex) {
				channel.close();
				attempt.check();
				ex.addSuppressed(failure);
				failure = ex;
			}
		}
		throw failure;
	}

	private synchronized void hold(SocketChannel channel) throws IOException {
		this.channel = channel;
		if (this.aborted) {
			channel.close();
			throw new ClosedChannelException();
		}
	}

	/**
	 * Whether nothing has come since the answer before, neither an answer that nobody
	 * asked for nor the end, as far as that can be seen. The end is not looked for right
	 * after an answer.
	 */
	boolean isQuiet() {
		Streams streams = this.streams;
		SocketChannel channel = channel();
		if (streams == null || channel == null || !channel.isOpen() || streams.lines().hasMore()) {
			return false;
		}
		long idle = System.nanoTime() - this.usedAt;
		try {
			if (streams.secure()) {
				return isQuiet(streams, channel.socket().getInputStream().available() > 0 || idle >= FOR_LONG);
			}
			if (idle < RECENTLY) {
				return streams.in().available() == 0;
			}
			return isQuiet(channel);
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Whether neither bytes nor the end have come by a channel that blocks, without
	 * waiting for them.
	 */
	static boolean isQuiet(SocketChannel channel) throws IOException {
		channel.configureBlocking(false);
		try {
			return channel.read(ByteBuffer.allocate(1)) == 0;
		}
		finally {
			channel.configureBlocking(true);
		}
	}

	/**
	 * What comes by a secure connection can only be read: it may be of TLS itself.
	 */
	private static boolean isQuiet(Streams streams, boolean suspicious) throws IOException {
		if (!suspicious) {
			return streams.in().available() == 0;
		}
		streams.socket().setSoTimeout(1);
		try {
			// whatever it is, the connection is of no use
			streams.in().read();
			return false;
		}
		catch (SocketTimeoutException ex) {
			return true;
		}
		finally {
			streams.socket().setSoTimeout(0);
		}
	}

	private synchronized @Nullable SocketChannel channel() {
		return this.channel;
	}

	/**
	 * Sends the message and reads the answer.
	 */
	Answer exchange(Attempt attempt) throws IOException {
		Streams streams = this.streams;
		if (streams == null) {
			throw new ClosedChannelException();
		}
		send(attempt.message(), attempt.destination(), streams.out());
		return streams.parser().read(attempt.settings().maxAnswerSize().toBytes());
	}

	private void send(Message message, Destination destination, OutputStream out) throws IOException {
		byte[] body = message.body();
		RequestBytes request = this.request;
		request.clear();
		HttpHeaders.write(request, message, destination, !this.used);
		boolean together = body.length <= SMALL;
		if (together) {
			request.add(body);
		}
		out.write(request.bytes(), 0, request.size());
		for (int from = together ? body.length : 0; from < body.length; from += MAX_WRITE) {
			out.write(body, from, Math.min(MAX_WRITE, body.length - from));
		}
	}

	/**
	 * Keeps it for as long as both sides want, after an answer.
	 */
	void keep(Duration idleTimeout) {
		Streams streams = this.streams;
		long seconds = (streams != null) ? streams.parser().keepSeconds() : 0;
		if (seconds != Long.MAX_VALUE) {
			this.keepSeconds = seconds;
		}
		long time = Math.min(idleTimeout.toNanos(), TimeUnit.SECONDS.toNanos(this.keepSeconds));
		this.used = true;
		this.usedAt = System.nanoTime();
		this.expiresAt = this.usedAt + time;
	}

	/**
	 * Whether it may be used no more.
	 */
	boolean isExpired() {
		return this.expiresAt - System.nanoTime() <= 0;
	}

	/**
	 * Closes it, whatever it is used for, so that the server learns at once.
	 */
	synchronized void abort() {
		this.aborted = true;
		SocketChannel channel = this.channel;
		if (channel != null) {
			try {
				channel.setOption(StandardSocketOptions.SO_LINGER, 0);
			}
			catch (IOException ex) {
				// closed by the other side, or already
			}
			close(channel);
		}
	}

	/** What ends whatever it is used for. */
	Runnable aborting() {
		return this.abort;
	}

	/**
	 * Closes it after an answer.
	 */
	void close() {
		SocketChannel channel = channel();
		if (channel != null) {
			close(channel);
		}
	}

	private static void close(SocketChannel channel) {
		try {
			channel.close();
		}
		catch (IOException ex) {
			// it is closed all the same
		}
	}

	private record Streams(Socket socket, InputStream in, OutputStream out, AnswerLines lines, AnswerParser parser,
			boolean secure) {
	}

}
