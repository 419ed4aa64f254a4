package dev.rpcboot.faults.proxy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import org.jspecify.annotations.Nullable;

/**
 * A client's connection through the proxy, with one to the server behind it.
 */
final class ProxiedConnection {

	private static final long DRIP_PAUSE = 1000;

	// lets a client read what was written before a reset, which throws away what was not
	private static final long RESET_PAUSE = 20;

	private static final HttpMessage END = new HttpMessage(new byte[0], new byte[0]);

	private final Socket client;

	private final int serverPort;

	private final FaultyProxy proxy;

	private final BlockingQueue<HttpMessage> answers = new LinkedBlockingQueue<>();

	private volatile @Nullable Socket server;

	private volatile boolean busy;

	ProxiedConnection(Socket client, int serverPort, FaultyProxy proxy) {
		this.client = client;
		this.serverPort = serverPort;
		this.proxy = proxy;
	}

	void serve() throws IOException, InterruptedException {
		try (this.client; Socket server = new Socket(InetAddress.getLoopbackAddress(), this.serverPort)) {
			this.server = server;
			this.client.setTcpNoDelay(true);
			server.setTcpNoDelay(true);
			Threads.start("answers", () -> readAnswers(server));
			InputStream requests = new BufferedInputStream(this.client.getInputStream());
			boolean open = true;
			while (open) {
				HttpMessage request = HttpMessage.read(requests);
				this.busy = true;
				open = request != null && exchange(this.proxy.draw(), request, server.getOutputStream());
				this.busy = false;
			}
		}
	}

	/**
	 * Reads ahead, to hear of the end of a connection that is idle and to pass that on.
	 */
	private void readAnswers(Socket server) throws IOException {
		InputStream in = new BufferedInputStream(server.getInputStream());
		try {
			HttpMessage answer;
			while ((answer = HttpMessage.read(in)) != null) {
				this.answers.add(answer);
			}
		}
		finally {
			this.answers.add(END);
			if (!this.busy && !this.proxy.isSilent()) {
				close(this.client, false);
			}
		}
	}

	/**
	 * Whether another exchange may follow.
	 */
	private boolean exchange(Fault fault, HttpMessage request, OutputStream server)
			throws IOException, InterruptedException {
		if (fault == Fault.HALF_OPEN) {
			return swallow();
		}
		OutputStream client = this.client.getOutputStream();
		if (!fault.reachesServer()) {
			client.write((fault == Fault.GZIP_BOMB) ? Answers.GZIP_BOMB : Answers.OVERLOADED);
			return true;
		}
		if (fault == Fault.LATENCY) {
			Thread.sleep(this.proxy.latency().toMillis());
		}
		server.write(request.head());
		server.write(request.body());
		HttpMessage answer = this.answers.take();
		if (answer == END) {
			return false;
		}
		// it became a black hole meanwhile
		if (this.proxy.isSilent()) {
			return swallow();
		}
		return answer(fault, answer, client) && !answer.isLast();
	}

	private boolean answer(Fault fault, HttpMessage answer, OutputStream client)
			throws IOException, InterruptedException {
		int half = answer.body().length / 2;
		switch (fault) {
			case RESET_BEFORE_HEADERS -> {
				reset();
				return false;
			}
			case RESET_AFTER_HEADERS, RESET_MID_BODY -> {
				client.write(answer.head());
				client.write(answer.body(), 0, (fault == Fault.RESET_MID_BODY) ? half : 0);
				Thread.sleep(RESET_PAUSE);
				reset();
				return false;
			}
			case TRUNCATED_BODY -> {
				client.write(answer.head());
				client.write(answer.body(), 0, half);
				return false;
			}
			case DRIP -> {
				drip(answer.head(), client);
				drip(answer.body(), client);
				return true;
			}
			case STALL_AFTER_200 -> {
				client.write(answer.head());
				return swallow();
			}
			case HTML_502, LYING_503 -> {
				client.write((fault == Fault.HTML_502) ? Answers.HTML_502 : Answers.OVERLOADED);
				return true;
			}
			default -> {
				byte[] whole = Arrays.copyOf(answer.head(), answer.head().length + answer.body().length);
				System.arraycopy(answer.body(), 0, whole, answer.head().length, answer.body().length);
				client.write(whole);
				if (fault == Fault.DUPLICATE_ANSWER) {
					client.write(whole);
				}
				return true;
			}
		}
	}

	private static void drip(byte[] bytes, OutputStream client) throws IOException, InterruptedException {
		for (byte b : bytes) {
			client.write(b);
			Thread.sleep(DRIP_PAUSE);
		}
	}

	private boolean swallow() throws IOException {
		this.client.getInputStream().transferTo(OutputStream.nullOutputStream());
		return false;
	}

	/** Ends the connection as a machine does that has failed. */
	void reset() {
		close(this.client, true);
		Socket server = this.server;
		if (server != null) {
			close(server, false);
		}
	}

	private static void close(Socket socket, boolean abruptly) {
		try {
			if (abruptly && !socket.isClosed()) {
				socket.setSoLinger(true, 0);
			}
			socket.close();
		}
		catch (IOException ex) {
			// it is closed
		}
	}

}
