package dev.rpcboot.client.transport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import dev.rpcboot.client.transport.RawServer.Script;
import dev.rpcboot.client.transport.StreamClient.Shop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.InstanceOfAssertFactories.ITERABLE;
import static org.awaitility.Awaitility.await;

/**
 * Results that come item by item, in each of their Java types, from raw sockets.
 */
@Timeout(30)
class StreamTests {

	private static final Script THREE = (connection, request) -> Events.begin(connection, request).items(1, 3).end();

	private final StreamClient client = new StreamClient();

	@AfterEach
	void close() throws Exception {
		this.client.close();
	}

	@Test
	void readsEveryItemInEachType() throws Exception {
		try (RawServer server = Events.serve(THREE)) {
			Shop shop = this.client.at(server);

			assertThat(shop.flux().collectList().block()).containsExactly("1", "2", "3");
			assertThat(shop.stream()).containsExactly("1", "2", "3");
			assertThat(shop.iterator()).toIterable().containsExactly("1", "2", "3");
			assertThat(server.requests()).hasSize(3)
				.allMatch((request) -> request.contains("Accept: text/event-stream, application/json\r\n"));
		}
	}

	@Test
	void givesTheFirstItemBeforeTheLastIsSent() throws Exception {
		Semaphore go = new Semaphore(0);
		try (RawServer server = Events.serve((connection, request) -> {
			Events events = Events.begin(connection, request).items(1, 1);
			go.acquire();
			events.items(2, 2).end();
		})) {
			Shop shop = this.client.at(server);

			Iterator<String> iterator = shop.iterator();
			assertThat(iterator.next()).isEqualTo("1");
			go.release();
			assertThat(iterator).toIterable().containsExactly("2");

			BlockingQueue<String> items = new LinkedBlockingQueue<>();
			CompletableFuture<Void> over = shop.flux().doOnNext(items::add).then().toFuture();
			assertThat(items.poll(10, TimeUnit.SECONDS)).isEqualTo("1");
			assertThat(over).isNotDone();
			go.release();
			assertThat(over).succeedsWithin(Duration.ofSeconds(10));
			assertThat(items).containsExactly("2");
		}
	}

	@Test
	void readsAnEmptyStream() throws Exception {
		try (RawServer server = Events.serve((connection, request) -> Events.begin(connection, request).end())) {
			Shop shop = this.client.at(server);

			assertThat(shop.flux().collectList().block()).isEmpty();
			assertThat(shop.stream()).isEmpty();
			assertThat(shop.iterator().hasNext()).isFalse();
			this.client.awaitNothingLeased();
		}
	}

	@Test
	void readsAnArrayOfAServerThatDoesNotStream() throws Exception {
		try (RawServer server = Events.serve((connection, request) -> connection.write(
				RawServer.ok("{\"jsonrpc\":\"2.0\",\"id\":" + Events.id(request) + ",\"result\":[\"1\" , \"2\"]}")))) {
			Shop shop = this.client.at(server);

			assertThat(shop.flux().collectList().block()).containsExactly("1", "2");
			assertThat(shop.stream()).containsExactly("1", "2");
			assertThat(shop.iterator()).toIterable().containsExactly("1", "2");
		}
	}

	@Test
	void handsItemsOverOnThreadsOfTheCallersAlone() throws Exception {
		try (RawServer server = Events.serve((connection, request) -> {
			Events events = Events.begin(connection, request).items(1, 1);
			for (int i = 2; i < 20; i++) {
				events.items(i, i);
			}
			events.end();
		})) {
			List<String> threads = this.client.at(server)
				.flux()
				.map((item) -> Thread.currentThread().getName())
				.collectList()
				.block();

			assertThat(threads).hasSize(19).allMatch((name) -> name.matches("rpc-client-[0-9]+"));
		}
	}

	@Test
	void takesNullForNoItems() throws Exception {
		try (RawServer server = Events.serve((connection, request) -> connection
			.write(RawServer.ok("{\"jsonrpc\":\"2.0\",\"id\":" + Events.id(request) + ",\"result\":null}")))) {

			assertThat(this.client.at(server).stream()).isEmpty();
		}
	}

	@Test
	void callsForEachSubscriptionAndNotBefore() throws Exception {
		try (RawServer server = Events.serve(THREE)) {
			Flux<String> flux = this.client.at(server).flux();
			assertThat(server.requests()).isEmpty();

			flux.blockLast();
			flux.blockLast();

			assertThat(server.requests()).hasSize(2);
		}
	}

	@Test
	void keepsTheConnectionOfAStreamThatWasReadToItsEnd() throws Exception {
		try (RawServer server = Events.serve(THREE)) {
			Shop shop = this.client.at(server);

			for (int i = 0; i < 5; i++) {
				assertThat(shop.stream()).hasSize(3);
				this.client.awaitNothingLeased();
			}

			assertThat(server.connections()).isEqualTo(1);
		}
	}

	@Test
	void givesTheSubscriberNoMoreThanItAskedFor() throws Exception {
		try (RawServer server = Events.serve(THREE)) {
			BlockingQueue<String> items = new LinkedBlockingQueue<>();
			CountDownLatch complete = new CountDownLatch(1);
			BaseSubscriber<String> subscriber = new BaseSubscriber<>() {

				@Override
				protected void hookOnSubscribe(Subscription subscription) {
					// asks for nothing
				}

				@Override
				protected void hookOnNext(String item) {
					items.add(item);
				}

				@Override
				protected void hookOnComplete() {
					complete.countDown();
				}

			};
			this.client.at(server).flux().subscribe(subscriber);

			subscriber.request(2);
			assertThat(items.poll(10, TimeUnit.SECONDS)).isEqualTo("1");
			assertThat(items.poll(10, TimeUnit.SECONDS)).isEqualTo("2");
			await().during(Duration.ofMillis(100)).until(items::isEmpty);
			subscriber.request(2);

			assertThat(complete.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(items).containsExactly("3");
		}
	}

	@Test
	void stopsReadingFromTheSocketWhileNobodyAsks() throws Exception {
		int count = 64 * 1024;
		String item = "\"" + "x".repeat(1024) + "\"";
		AtomicLong written = new AtomicLong();
		try (RawServer server = Events.serve((connection, request) -> {
			Events events = Events.begin(connection, request);
			for (int i = 0; i < count; i++) {
				events.item(item);
				written.incrementAndGet();
			}
			events.end();
		})) {
			Iterator<String> items = this.client.at(server).iterator();
			items.next();

			// what the kernel buffers is some megabytes, on both sides together
			AtomicLong seen = new AtomicLong();
			await().during(Duration.ofMillis(300))
				.atMost(Duration.ofSeconds(20))
				.until(() -> written.get() > 1 && seen.getAndSet(written.get()) == written.get());
			assertThat(written.get()).isLessThan(count / 2);

			assertThat(items).toIterable().hasSize(count - 1);
			assertThat(written).hasValue(count);
			this.client.awaitNothingLeased();
		}
	}

	@Test
	void closesTheConnectionWhenTheReaderHasEnough() throws Exception {
		try (RawServer server = Events.serve((connection, request) -> Events.begin(connection, request).items(1, 3))) {
			Shop shop = this.client.at(server);

			try (Stream<String> stream = shop.stream()) {
				assertThat(stream.findFirst()).hasValue("1");
			}
			server.awaitClosedByClient();
			Iterator<String> iterator = shop.iterator();
			iterator.next();
			((AutoCloseable) iterator).close();
			server.awaitClosedByClient();
			assertThat(shop.flux().take(2).collectList().block()).containsExactly("1", "2");
			server.awaitClosedByClient();
			this.client.awaitNothingLeased();
		}
	}

	@Test
	void closesTheConnectionOfASubscriptionDisposedOfBeforeTheFirstItem() throws Exception {
		try (RawServer server = Events.serve((connection, request) -> Events.begin(connection, request))) {
			Disposable subscription = this.client.at(server).flux().subscribe();
			server.awaitRequest();

			subscription.dispose();

			server.awaitClosedByClient();
			this.client.awaitNothingLeased();
		}
	}

	@Test
	void endsAClosedIteratorWithAFailureAndNotSilently() throws Exception {
		try (RawServer server = Events.serve(THREE)) {
			Iterator<String> items = this.client.at(server).iterator();
			items.next();

			((AutoCloseable) items).close();

			assertThatExceptionOfType(CancellationException.class).isThrownBy(items::hasNext)
				.withMessageContaining("was closed");
		}
	}

	@Test
	void wakesAReaderWhoseStreamIsClosedByAnotherThread() throws Exception {
		try (RawServer server = Events.serve((connection, request) -> Events.begin(connection, request).items(1, 1))) {
			Iterator<String> items = this.client.at(server).iterator();
			items.next();
			CompletableFuture<Throwable> failure = new CompletableFuture<>();
			Thread reader = new Thread(() -> failure.complete(catchThrowable(items::hasNext)));
			reader.start();
			await().until(() -> reader.getState() == Thread.State.TIMED_WAITING);

			((AutoCloseable) items).close();

			assertThat(failure).succeedsWithin(Duration.ofSeconds(10)).isInstanceOf(CancellationException.class);
		}
	}

	@Test
	void endsTheStreamOfAReaderThatIsInterrupted() throws Exception {
		try (RawServer server = Events.serve((connection, request) -> Events.begin(connection, request).items(1, 1))) {
			Iterator<String> items = this.client.at(server).iterator();
			items.next();
			CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
			CompletableFuture<Throwable> failure = new CompletableFuture<>();
			Thread reader = new Thread(() -> {
				failure.complete(catchThrowable(items::hasNext));
				interrupted.complete(Thread.currentThread().isInterrupted());
			});
			reader.start();
			await().until(() -> reader.getState() == Thread.State.TIMED_WAITING);

			reader.interrupt();

			assertThat(failure).succeedsWithin(Duration.ofSeconds(10)).isInstanceOf(CancellationException.class);
			assertThat(interrupted).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
			server.awaitClosedByClient();
		}
	}

	@Test
	void endsAStreamThatNobodyHoldsAnyMore() throws Exception {
		try (RawServer server = Events.serve((connection, request) -> Events.begin(connection, request).items(1, 3))) {
			abandon(this.client.at(server));

			await().atMost(Duration.ofSeconds(20)).until(() -> {
				System.gc();
				return this.client.transport.stats().get(0).getLeased() == 0;
			});

			server.awaitClosedByClient();
		}
	}

	private static void abandon(Shop shop) throws Exception {
		shop.iterator().next();
		shop.stream().findFirst();
	}

	@Test
	void leavesNothingBehindAfterAThousandCancelledStreams() throws Exception {
		try (RawServer server = Events.serve((connection, request) -> Events.begin(connection, request).items(1, 3))) {
			Shop shop = this.client.at(server);
			shop.stream().close();
			List<Iterator<String>> open = new ArrayList<>();
			int threads = Thread.activeCount();

			for (int i = 0; i < 250; i++) {
				shop.stream().close();
				shop.flux().take(1).blockLast();
				shop.flux().subscribe().dispose();
				Iterator<String> iterator = shop.iterator();
				assertThat(iterator.next()).isEqualTo("1");
				open.add(iterator);
				if (open.size() == 10) {
					for (Iterator<String> each : open) {
						((AutoCloseable) each).close();
					}
					open.clear();
				}
			}

			this.client.awaitNothingLeased();
			await().atMost(Duration.ofSeconds(10))
				.untilAsserted(
						() -> assertThat(this.client.timer).extracting("pending").asInstanceOf(ITERABLE).isEmpty());
			// those of the server's connections, which end as the connections do, and of
			// our
			// pool
			await().atMost(Duration.ofSeconds(10)).until(() -> Thread.activeCount() <= threads + 30);
		}
	}

}
