package dev.rpcboot.benchmark.limit;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

import dev.rpcboot.benchmark.peer.Operation;
import dev.rpcboot.benchmark.peer.PeerClient;

/**
 * Blocking sockets from a pool, used by the callers' own threads.
 */
public final class SocketClient implements PeerClient {

	private final Semaphore permits = new Semaphore(CONNECTIONS);

	private final ConcurrentLinkedDeque<FrameSocket> idle = new ConcurrentLinkedDeque<>();

	private final int port;

	/**
	 * Connects when it is needed.
	 */
	public SocketClient(int port) {
		this.port = port;
	}

	@Override
	public ByteBuffer call(Operation operation) throws IOException, InterruptedException {
		this.permits.acquire();
		FrameSocket frames = this.idle.pollFirst();
		try {
			if (frames == null) {
				frames = new FrameSocket(new Socket(InetAddress.getLoopbackAddress(), this.port));
			}
			frames.write(Frames.request(operation));
			ByteBuffer answer = frames.read();
			if (answer == null) {
				throw new EOFException("The server has gone");
			}
			// compared here: the connection is another caller's afterwards
			return answer.equals(expected(operation)) ? expected(operation) : answer;
		}
		finally {
			if (frames != null) {
				this.idle.addFirst(frames);
			}
			this.permits.release();
		}
	}

	@Override
	public CompletableFuture<?> callAsync(Operation operation) {
		throw new UnsupportedOperationException("Blocking sockets have no asynchronous calls");
	}

	@Override
	public ByteBuffer expected(Operation operation) {
		return ByteBuffer.wrap(Frames.answer(operation));
	}

	@Override
	public void close() {
		// the connections end with the process
	}

}
