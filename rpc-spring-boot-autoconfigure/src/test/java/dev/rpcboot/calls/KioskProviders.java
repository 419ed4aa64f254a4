package dev.rpcboot.calls;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.rpcboot.calls.Kiosk.SoldOutException;
import dev.rpcboot.server.RpcService;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/**
 * Applications that serve a kiosk, each by another form of its contract.
 */
final class KioskProviders {

	private KioskProviders() {
	}

	private static String content(String title) throws SoldOutException {
		if (title.equals("rare")) {
			throw new SoldOutException(title);
		}
		return "read " + title;
	}

	private static List<String> list(int count) {
		return IntStream.range(0, count).mapToObj((number) -> "title " + number).toList();
	}

	@RpcService
	@EnableAutoConfiguration
	static class Plain implements Kiosk.Plain {

		final CountDownLatch release = new CountDownLatch(1);

		@Override
		public String read(String title) throws SoldOutException {
			return content(title);
		}

		@Override
		public List<String> titles(int count) {
			return list(count);
		}

		@Override
		public String hang() {
			try {
				this.release.await(20, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return "released";
		}

		@Override
		public String fail() {
			throw new IllegalStateException("secret");
		}

	}

	/**
	 * Calls that wait for each other, and hold no thread meanwhile.
	 */
	private static final class Meeting {

		private int present;

		private CompletableFuture<Integer> complete = new CompletableFuture<>();

		CompletableFuture<Integer> join(int calls) {
			CompletableFuture<Integer> joined;
			synchronized (this) {
				joined = this.complete;
				this.present++;
				if (this.present < calls) {
					return joined.copy();
				}
				this.present = 0;
				this.complete = new CompletableFuture<>();
			}
			joined.complete(calls);
			return joined.copy();
		}

	}

	@RpcService
	@EnableAutoConfiguration
	static class Later implements Kiosk.Later {

		private final Meeting meeting = new Meeting();

		@Override
		public CompletableFuture<String> read(String title) {
			try {
				return CompletableFuture.completedFuture(content(title));
			}
			catch (SoldOutException ex) {
				return CompletableFuture.failedFuture(ex);
			}
		}

		@Override
		public CompletableFuture<List<String>> titles(int count) {
			return CompletableFuture.supplyAsync(() -> list(count));
		}

		@Override
		public CompletableFuture<String> hang() {
			return new CompletableFuture<>();
		}

		@Override
		public CompletableFuture<String> fail() {
			return CompletableFuture.failedFuture(new IllegalStateException("secret"));
		}

		@Override
		public CompletableFuture<Integer> meet(int calls) {
			return this.meeting.join(calls);
		}

	}

	@RpcService
	@EnableAutoConfiguration
	static class Reactive implements Kiosk.Reactive {

		private final Meeting meeting = new Meeting();

		@Override
		public Mono<String> read(String title) {
			return Mono.fromCallable(() -> content(title));
		}

		@Override
		public Flux<String> titles(int count) {
			return Flux.fromIterable(list(count));
		}

		@Override
		public Mono<String> hang() {
			return Mono.never();
		}

		@Override
		public Mono<String> fail() {
			return Mono.error(new IllegalStateException("secret"));
		}

		@Override
		public Mono<Integer> meet(int calls) {
			return Mono.fromFuture(() -> this.meeting.join(calls));
		}

	}

}
