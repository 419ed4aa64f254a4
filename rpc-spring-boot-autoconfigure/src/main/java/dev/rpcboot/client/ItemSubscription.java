package dev.rpcboot.client;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.call.ItemLoop;
import dev.rpcboot.call.ItemSource;
import dev.rpcboot.jsonrpc.EncodedResult;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Operators;

/**
 * A subscriber's hold on a stream: asks for an item while the subscriber wants some, and
 * ends the call when it wants no more.
 */
final class ItemSubscription implements Subscription, ItemSource.Receiver<EncodedResult> {

	private final Subscriber<? super Object> subscriber;

	private final StreamForm form;

	private final CallContext context;

	/** What is asked for, and one while the call itself is not answered. */
	private final AtomicLong wanted = new AtomicLong(1);

	private volatile @Nullable ItemSource<EncodedResult> items;

	private volatile @Nullable ItemLoop<EncodedResult> loop;

	private volatile boolean cancelled;

	ItemSubscription(Subscriber<? super Object> subscriber, StreamForm form, CallContext context) {
		this.subscriber = subscriber;
		this.form = form;
		this.context = context;
	}

	boolean isStarted() {
		return this.items != null;
	}

	/** Takes the outcome of the call, on whatever thread it comes. */
	void answer(@Nullable RpcResponse response, @Nullable Throwable failure) {
		Runnable next = (response != null) ? () -> start(response) : () -> failed(Failures.unwrap(failure));
		this.context.execute(next);
	}

	private void start(RpcResponse response) {
		ItemSource<EncodedResult> items;
		try {
			items = this.form.items(response);
		}
		catch (RpcProtocolException ex) {
			failed(ex);
			return;
		}
		this.items = items;
		ItemLoop<EncodedResult> loop = new ItemLoop<>(items, this);
		this.loop = loop;
		if (this.cancelled) {
			items.cancel();
		}
		else if (this.wanted.decrementAndGet() > 0) {
			loop.next();
		}
	}

	@Override
	public void request(long count) {
		if (Operators.validate(count) && this.wanted.getAndUpdate((wanted) -> Operators.addCap(wanted, count)) == 0) {
			ItemLoop<EncodedResult> loop = this.loop;
			if (loop != null && !this.cancelled) {
				loop.next();
			}
		}
	}

	@Override
	public void item(EncodedResult encoded) {
		if (this.cancelled) {
			return;
		}
		Object item;
		ItemSource<EncodedResult> items = Objects.requireNonNull(this.items);
		try {
			item = this.form.decode(encoded, items);
			if (item == null) {
				throw new RpcProtocolException(this.form + " was answered with an item that is null",
						Execution.EXECUTED, null);
			}
		}
		// a constructor of the application's, too
		catch (Throwable ex) {
			cancel();
			this.subscriber.onError(ex);
			return;
		}
		this.subscriber.onNext(item);
		ItemLoop<EncodedResult> loop = this.loop;
		if (this.wanted.decrementAndGet() > 0 && !this.cancelled && loop != null) {
			loop.next();
		}
	}

	@Override
	public void end() {
		if (!this.cancelled) {
			this.subscriber.onComplete();
		}
	}

	@Override
	public void failed(Throwable failure) {
		if (!this.cancelled) {
			this.subscriber.onError(failure);
		}
	}

	@Override
	public void cancel() {
		this.cancelled = true;
		this.context.cancel();
		ItemSource<EncodedResult> items = this.items;
		if (items != null) {
			items.cancel();
		}
	}

}
