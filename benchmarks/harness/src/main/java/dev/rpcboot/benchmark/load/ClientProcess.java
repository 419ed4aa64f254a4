package dev.rpcboot.benchmark.load;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import dev.rpcboot.benchmark.peer.PeerClient;
import dev.rpcboot.benchmark.peer.RemoteUsage;
import dev.rpcboot.benchmark.peer.Usage;

/**
 * The process of a client. Prints a {@code benchmark: <figures>} for each point.
 */
public final class ClientProcess {

	private ClientProcess() {
	}

	/**
	 * Measures all points.
	 * @param args the class of the {@link PeerClient}, the two ports of the server, how
	 * long to warm up altogether, to settle and to measure at each point, and the points
	 */
	public static void main(String[] args) throws ReflectiveOperationException {
		List<Point> points = Arrays.stream(args).skip(6).map(Point::of).toList();
		Duration warmUp = Duration.parse(args[3]).dividedBy(points.size());
		Duration settle = Duration.parse(args[4]);
		Duration measure = Duration.parse(args[5]);
		try (RemoteUsage server = new RemoteUsage(Integer.parseInt(args[2]));
				PeerClient client = (PeerClient) Class.forName(args[0])
					.getConstructor(int.class)
					.newInstance(Integer.parseInt(args[1]))) {
			for (Point point : points) {
				run(point, client, warmUp);
			}
			for (Point point : points) {
				run(point, client, settle);
				System.out.println("benchmark: " + point + " " + measure(point, client, server, measure));
			}
		}
		// wide: peers throw what they like, and some leave threads behind that go on
		catch (Throwable ex) {
			ex.printStackTrace();
			System.exit(1);
		}
		System.exit(0);
	}

	private static Latencies run(Point point, PeerClient client, Duration duration) throws InterruptedException {
		return point.mode().load(point.callers()).run(client, point.workload(), duration);
	}

	private static Figures measure(Point point, PeerClient client, RemoteUsage server, Duration duration)
			throws Exception {
		Usage serverBefore = server.now();
		Usage clientBefore = Usage.now();
		Latencies latencies = run(point, client, duration);
		Usage clientUsed = Usage.now().since(clientBefore);
		Usage serverUsed = server.now().since(serverBefore);
		return Figures.of(latencies, clientUsed, serverUsed);
	}

}
