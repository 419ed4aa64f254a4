package dev.rpcboot.benchmark.limit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;

import dev.rpcboot.benchmark.OrderDesk;
import dev.rpcboot.benchmark.peer.Operation;
import dev.rpcboot.benchmark.peer.PeerServer;

/**
 * A thread for each connection.
 */
public final class SocketServer implements PeerServer {

	@Override
	public int start() throws IOException {
		ServerSocket server = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
		new Thread(() -> accept(server)).start();
		return server.getLocalPort();
	}

	private static void accept(ServerSocket server) {
		try {
			while (true) {
				Socket connection = server.accept();
				new Thread(() -> serve(connection)).start();
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException("Cannot accept", ex);
		}
	}

	private static void serve(Socket connection) {
		try (connection) {
			FrameSocket frames = new FrameSocket(connection);
			ByteBuffer request;
			while ((request = frames.read()) != null) {
				Operation operation = Frames.operation(request.get(4));
				if (operation.isSlow()) {
					OrderDesk.pause();
				}
				frames.write(Frames.answer(operation));
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException("A connection was lost", ex);
		}
	}

}
