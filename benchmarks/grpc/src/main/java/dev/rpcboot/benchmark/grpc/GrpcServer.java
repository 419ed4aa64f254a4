package dev.rpcboot.benchmark.grpc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

import dev.rpcboot.benchmark.OrderDesk;
import dev.rpcboot.benchmark.grpc.generated.Count;
import dev.rpcboot.benchmark.grpc.generated.Greeting;
import dev.rpcboot.benchmark.grpc.generated.Name;
import dev.rpcboot.benchmark.grpc.generated.Order;
import dev.rpcboot.benchmark.grpc.generated.OrderServiceGrpc;
import dev.rpcboot.benchmark.grpc.generated.Orders;
import dev.rpcboot.benchmark.peer.PeerServer;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;

/**
 * Serves with a bounded executor, as the guide to its performance advises. Of those that
 * it names a fixed pool was the fastest here; a {@code ForkJoinPool} of that size costs
 * four times as much.
 */
public final class GrpcServer implements PeerServer {

	@Override
	public int start() throws IOException {
		Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.executor(Executors.newFixedThreadPool(THREADS))
			.addService(new OrderService())
			.build()
			.start();
		return server.getPort();
	}

	private static final class OrderService extends OrderServiceGrpc.OrderServiceImplBase {

		private final OrderDesk desk = new OrderDesk();

		@Override
		public void greet(Name request, StreamObserver<Greeting> observer) {
			answer(Greeting.newBuilder().setText(this.desk.greet(request.getName())).build(), observer);
		}

		@Override
		public void save(Order request, StreamObserver<Order> observer) {
			answer(Messages.confirmed(request), observer);
		}

		@Override
		public void list(Count request, StreamObserver<Orders> observer) {
			answer(Orders.newBuilder()
				.addAllOrders(Messages.ORDERS.getOrdersList().subList(0, request.getCount()))
				.build(), observer);
		}

		@Override
		public void greetSlowly(Name request, StreamObserver<Greeting> observer) {
			answer(Greeting.newBuilder().setText(this.desk.greetSlowly(request.getName())).build(), observer);
		}

		private static <T> void answer(T answer, StreamObserver<T> observer) {
			observer.onNext(answer);
			observer.onCompleted();
		}

	}

}
