package dev.rpcboot.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.rpcboot.call.ItemSource;
import dev.rpcboot.call.RpcHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where answers are compressed, and which never are.
 */
@Timeout(30)
class MessageCompressionTests {

	private static final RpcServerSettings SETTINGS = new RpcServerSettings("/rpc", HttpStatusMode.HYBRID, List.of(),
			List.of(), DataSize.ofMegabytes(1), DataSize.ofMegabytes(1), DataSize.ofMegabytes(1), Duration.ofMinutes(1),
			16, new RpcServerSettings.Coalescing(100, Duration.ZERO), 200,
			new RpcServerSettings.Streams(Duration.ofSeconds(5), Duration.ofMinutes(1)),
			new RpcServerSettings.Compression(true, DataSize.ofKilobytes(8)), RpcServerSettings.Concurrency.UNLIMITED);

	private static final RequestHead ASKING = new RequestHead("POST", "/rpc/Stock",
			List.of(new RequestHead.Header("Accept-Encoding", "gzip, identity;q=0")));

	private final AtomicInteger handedOver = new AtomicInteger();

	@Test
	void keepsTheEventLoopFreeOfLargeAnswers() {
		MessageCompression compression = eventLoop((task) -> {
			this.handedOver.incrementAndGet();
			new Thread(task).start();
		});

		HttpAnswer large = onEventLoop(compression, new HttpAnswer(200, RpcHeaders.EMPTY, new byte[100_000]));
		HttpAnswer small = onEventLoop(compression, new HttpAnswer(200, RpcHeaders.EMPTY, new byte[10_000]));

		assertThat(large.headers().first("Content-Encoding")).isEqualTo("gzip");
		assertThat(small.headers().first("Content-Encoding")).isEqualTo("gzip");
		assertThat(this.handedOver).hasValue(1);
	}

	@Test
	void compressesWhereItIsOnAThreadThatMayBlock() {
		MessageCompression compression = eventLoop((task) -> this.handedOver.incrementAndGet());

		HttpAnswer large = encode(compression, new HttpAnswer(200, RpcHeaders.EMPTY, new byte[100_000])).join();

		assertThat(large.headers().first("Content-Encoding")).isEqualTo("gzip");
		assertThat(this.handedOver).hasValue(0);
	}

	@Test
	void leavesALargeAnswerAsItIsWhereThereIsNoThreadForIt() {
		MessageCompression compression = eventLoop((task) -> {
			throw new RejectedExecutionException("busy");
		});

		HttpAnswer large = onEventLoop(compression, new HttpAnswer(200, RpcHeaders.EMPTY, new byte[100_000]));

		assertThat(large.headers().first("Content-Encoding")).isNull();
		assertThat(large.body()).hasSize(100_000);
	}

	@Test
	void compressesNoStream() {
		EventStream events = new EventStream(new OpenStream(new NoItems()), null, new DeadlineTimer(),
				SETTINGS.streams());

		HttpAnswer stream = encode(eventLoop(Runnable::run),
				new HttpAnswer(200, RpcHeaders.EMPTY, new byte[10_000], events))
			.join();

		assertThat(stream.events()).isSameAs(events);
		assertThat(stream.headers().first("Content-Encoding")).isNull();
	}

	private static MessageCompression eventLoop(Executor executor) {
		return new MessageCompression(SETTINGS, new CallThreads(false, executor, null, null));
	}

	private static HttpAnswer onEventLoop(MessageCompression compression, HttpAnswer answer) {
		return Mono.defer(() -> Mono.fromFuture(encode(compression, answer)))
			.subscribeOn(Schedulers.parallel())
			.block(Duration.ofSeconds(10));
	}

	private static CompletableFuture<HttpAnswer> encode(MessageCompression compression, HttpAnswer answer) {
		return compression.encode(CompletableFuture.completedStage(answer), ASKING).toCompletableFuture();
	}

	private static final class NoItems implements ItemSource<Object> {

		@Override
		public void next(Receiver<? super Object> receiver) {
			receiver.end();
		}

		@Override
		public void cancel() {
		}

	}

}
