package dev.rpcboot.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

import dev.rpcboot.Idempotency;
import org.jspecify.annotations.Nullable;

/**
 * Several calls of one service, sent together as one JSON-RPC batch. The provider runs
 * them concurrently, each as if it had come alone, and each has an outcome of its own:
 * one that fails harms no other. To be filled and sent by one thread, and sent once.
 *
 * <pre>
 * RpcBatch&lt;StockService&gt; batch = client.batch(StockService.class, "warehouse");
 * RpcBatch.Entry&lt;Stock&gt; found = batch.add((stock) -&gt; stock.find("A-0001"));
 * RpcBatch.Entry&lt;BigDecimal&gt; price = batch.add((stock) -&gt; stock.price("A-0002"));
 * batch.send();
 * found.get();
 * </pre>
 *
 * To interceptors, retry, circuit breaker and observation it is a single call of a method
 * {@code (batch)}, with the settings of its target and the longest timeout of its
 * entries. It is repeated as a whole, and only as far as the least repeatable of its
 * entries allows. Nothing comes from memory, and no fallback bean is asked. How many
 * entries a provider takes is its own setting, 100 by default.
 *
 * @param <T> the contract
 * @since 0.1
 * @see RpcClient#batch(Class, String)
 */
public final class RpcBatch<T> {

	private final DirectCalls calls;

	private final PreparedContract<T> contract;

	private final List<Entry<?>> entries = new ArrayList<>();

	private @Nullable Duration timeout;

	private boolean sent;

	RpcBatch(DirectCalls calls, PreparedContract<T> contract) {
		this.calls = calls;
		this.contract = contract;
	}

	/**
	 * Adds a call. Nothing is sent yet, but its arguments are encoded: what is changed in
	 * them afterwards does not change the call.
	 * @throws IllegalArgumentException if the lambda does not make exactly one call, an
	 * argument cannot be encoded, or the method is {@linkplain Idempotency#KEYED keyed}
	 * @throws IllegalStateException if the batch was sent
	 */
	public <R extends @Nullable Object> Entry<R> add(RpcCall<T, R> call) {
		return add(Recording.of(this.contract, call));
	}

	/**
	 * Adds a call of a {@code void} method. If the contract says that it is one-way, the
	 * entry succeeds when the provider has accepted the batch.
	 * @throws IllegalArgumentException if the lambda does not make exactly one call, an
	 * argument cannot be encoded, or the method is {@linkplain Idempotency#KEYED keyed}
	 * @throws IllegalStateException if the batch was sent
	 */
	public Entry<@Nullable Void> addVoid(RpcAction<T> action) {
		return add(Recording.ofVoid(this.contract, action));
	}

	private <R extends @Nullable Object> Entry<R> add(Recording.RecordedCall call) {
		checkNotSent();
		if (call.method().contract().idempotency() == Idempotency.KEYED) {
			throw new IllegalArgumentException(call.method()
					+ " bears an idempotency key, and a batch has no place for one per entry; call it alone");
		}
		Entry<R> entry = new Entry<>(call);
		this.entries.add(entry);
		return entry;
	}

	/**
	 * Sets the longest time for the whole batch, in place of the longest among its
	 * entries.
	 * @throws IllegalArgumentException if it is not positive
	 */
	public RpcBatch<T> timeout(Duration timeout) {
		this.timeout = DirectCalls.checked(timeout);
		return this;
	}

	/**
	 * Sends the batch and waits for its answer. What fails in single entries is thrown by
	 * {@link Entry#get()}; what fails as a whole is thrown here, and by every entry.
	 * @throws dev.rpcboot.RpcException if the batch was refused or lost as a whole, or
	 * its time is over
	 * @throws IllegalStateException if it has no entry, or was sent before
	 */
	public void send() {
		DirectCall call = prepare();
		try {
			settle(call.await());
		}
		// whatever it is, the entries must tell it too
		catch (Throwable failure) {
			fail(failure);
			throw failure;
		}
	}

	/**
	 * Sends the batch.
	 * @return completes when the entries have their outcomes, and fails as {@link #send}
	 * does; cancelling it ends the exchange
	 * @throws IllegalStateException if the batch has no entry, or was sent before
	 */
	public CompletableFuture<@Nullable Void> sendAsync() {
		return prepare().start((outcomes) -> {
			settle(outcomes);
			return null;
		}, this::fail);
	}

	private DirectCall prepare() {
		checkNotSent();
		if (this.entries.isEmpty()) {
			throw new IllegalStateException(
					"The batch for " + this.contract + " has no entry; add a call before it is sent");
		}
		this.sent = true;
		Idempotency weakest = this.entries.stream()
			.map((entry) -> entry.method().contract().idempotency())
			.min(Comparator.naturalOrder())
			.orElseThrow();
		Duration longest = this.entries.stream()
			.map((entry) -> entry.method().client().settings().timeout())
			.max(Comparator.naturalOrder())
			.orElseThrow();
		return this.calls.call(this.contract.batch(weakest, longest), this.entries.toArray(), this.timeout,
				UnaryOperator.identity());
	}

	private void checkNotSent() {
		if (this.sent) {
			throw new IllegalStateException(
					"The batch for " + this.contract + " was sent already; make another with RpcClient.batch");
		}
	}

	private void settle(@Nullable Object answer) {
		List<?> outcomes = (List<?>) Objects.requireNonNull(answer);
		if (outcomes.size() != this.entries.size()) {
			throw new IllegalStateException("An interceptor answered the batch for " + this.contract + " with "
					+ outcomes.size() + " outcomes for its " + this.entries.size() + " entries");
		}
		int next = 0;
		for (Object outcome : outcomes) {
			this.entries.get(next++).settle((EntryOutcome) outcome);
		}
	}

	private void fail(Throwable failure) {
		this.entries.forEach((entry) -> entry.settle(EntryOutcome.failed(failure)));
	}

	/**
	 * One call of a batch, and after it was sent, its outcome. Safe for concurrent use.
	 *
	 * @param <R> what the method returns; a future, a {@code Mono} or a stream has its
	 * result or its items already
	 */
	public static final class Entry<R extends @Nullable Object> {

		private final Recording.RecordedCall call;

		private final byte[] params;

		private volatile @Nullable EntryOutcome outcome;

		Entry(Recording.RecordedCall call) {
			this.call = call;
			this.params = call.method().client().form().encodeArguments(call.arguments());
		}

		/**
		 * The result, or the failure thrown as it is: it may be a checked exception of
		 * the contract.
		 * @throws IllegalStateException if there is no answer yet
		 */
		// where the result may be null, so may R
		@SuppressWarnings({ "unchecked", "NullAway" })
		public R get() {
			EntryOutcome outcome = this.outcome;
			if (outcome == null) {
				throw new IllegalStateException("The call of " + this.call.method()
						+ " in a batch has no answer yet; call send() before, or wait for the future of sendAsync()");
			}
			if (outcome.failure() != null) {
				throw Failures.asIs(outcome.failure());
			}
			// the lambda returned what the method returns
			return (R) outcome.value();
		}

		/**
		 * The same as {@link #get()}, for callers who catch a checked exception of the
		 * contract.
		 * @param declared the exception that the compiler shall know of
		 */
		public <X extends Exception> R get(Class<X> declared) throws X {
			return get();
		}

		/**
		 * The arguments, in order; unmodifiable.
		 */
		public List<@Nullable Object> arguments() {
			return this.call.argumentList();
		}

		/**
		 * Names the call: {@code Stock/find}.
		 */
		@Override
		public String toString() {
			return this.call.method().toString();
		}

		PreparedMethod method() {
			return this.call.method();
		}

		/** Whether the provider answers it; not if nobody waits for it. */
		boolean isAnswered() {
			return !method().contract().oneWay();
		}

		byte[] encode(@Nullable Long id) {
			return method().codec().encodeRequest(id, this.params);
		}

		/** The entry as a request of its own, at the instance of its batch. */
		RpcRequest request(RpcRequest batch) {
			RpcRequest request = new RpcRequest(method().client(), this.call.arguments(), batch.context());
			RpcInstance instance = batch.instance();
			return (instance != null) ? request.withInstance(instance) : request;
		}

		void settle(EntryOutcome outcome) {
			this.outcome = outcome;
		}

	}

	/**
	 * What became of an entry.
	 *
	 * @param value its result, as the method hands it over
	 * @param failure why there is none, or {@code null} if it succeeded
	 */
	record EntryOutcome(@Nullable Object value, @Nullable Throwable failure) {

		static final EntryOutcome ACCEPTED = new EntryOutcome(null, null);

		static EntryOutcome failed(Throwable failure) {
			return new EntryOutcome(null, failure);
		}

	}

}
