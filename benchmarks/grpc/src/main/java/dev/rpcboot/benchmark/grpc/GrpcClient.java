package dev.rpcboot.benchmark.grpc;

import java.util.concurrent.CompletableFuture;

import dev.rpcboot.benchmark.OrderDesk;
import dev.rpcboot.benchmark.grpc.generated.Count;
import dev.rpcboot.benchmark.grpc.generated.Greeting;
import dev.rpcboot.benchmark.grpc.generated.Name;
import dev.rpcboot.benchmark.grpc.generated.OrderServiceGrpc;
import dev.rpcboot.benchmark.peer.Operation;
import dev.rpcboot.benchmark.peer.PeerClient;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;

/**
 * Calls through a blocking and an asynchronous stub of one channel. Callbacks run on the
 * event loop: they do not block.
 */
public final class GrpcClient implements PeerClient {

	private static final Count LISTED = Count.newBuilder().setCount(OrderDesk.LISTED).build();

	private final ManagedChannel channel;

	private final OrderServiceGrpc.OrderServiceBlockingStub blocking;

	private final OrderServiceGrpc.OrderServiceStub async;

	/**
	 * Connects when it is needed.
	 */
	public GrpcClient(int port) {
		this.channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().directExecutor().build();
		this.blocking = OrderServiceGrpc.newBlockingStub(this.channel);
		this.async = OrderServiceGrpc.newStub(this.channel);
	}

	@Override
	public Object call(Operation operation) {
		return switch (operation) {
			case GREET, GREET_A_SLOW_ONE -> this.blocking.greet(name(operation));
			case SAVE -> this.blocking.save(Messages.ORDER);
			case LIST -> this.blocking.list(LISTED);
			case GREET_SLOWLY -> this.blocking.greetSlowly(name(operation));
		};
	}

	@Override
	public CompletableFuture<?> callAsync(Operation operation) {
		Answer answer = new Answer();
		switch (operation) {
			case GREET, GREET_A_SLOW_ONE -> this.async.greet(name(operation), answer.observer());
			case SAVE -> this.async.save(Messages.ORDER, answer.observer());
			case LIST -> this.async.list(LISTED, answer.observer());
			case GREET_SLOWLY -> this.async.greetSlowly(name(operation), answer.observer());
		}
		return answer;
	}

	@Override
	public Object expected(Operation operation) {
		return switch (operation) {
			case GREET, GREET_SLOWLY, GREET_A_SLOW_ONE ->
				Greeting.newBuilder().setText("Hello, " + operation.argument()).build();
			case SAVE -> Messages.CONFIRMED;
			case LIST -> Messages.ORDERS;
		};
	}

	private static Name name(Operation operation) {
		return Name.newBuilder().setName(operation.argument()).build();
	}

	@Override
	public void close() {
		this.channel.shutdownNow();
	}

	private static final class Answer extends CompletableFuture<Object> {

		<T> StreamObserver<T> observer() {
			return new StreamObserver<>() {

				@Override
				public void onNext(T value) {
					complete(value);
				}

				@Override
				public void onError(Throwable failure) {
					completeExceptionally(failure);
				}

				@Override
				public void onCompleted() {
					// the answer is there already
				}

			};
		}

	}

}
