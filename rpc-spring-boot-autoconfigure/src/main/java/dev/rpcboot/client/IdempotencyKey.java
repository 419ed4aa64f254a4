package dev.rpcboot.client;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Pattern;

import dev.rpcboot.call.RpcMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What tells the provider of a {@linkplain dev.rpcboot.Idempotency#KEYED keyed} method
 * that two calls are one: all attempts of a call bear the same key. A call gets a random
 * one, unless its caller has given it one that means something, such as the number of an
 * order: then the call may even be made again after the caller was restarted, and still
 * runs once.
 *
 * <pre>
 * IdempotencyKey.of("order-4711").call(() -&gt; orders.place(order));
 * </pre>
 *
 * Each method has keys of its own, and so has each authenticated caller. The same key
 * with other arguments fails. Immutable.
 *
 * @since 0.1
 */
public final class IdempotencyKey {

	private static final ThreadLocal<@Nullable IdempotencyKey> CURRENT = new ThreadLocal<>();

	private static final CallIds RANDOM = new CallIds();

	private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:/-]{16,64}");

	private final String value;

	private IdempotencyKey(String value) {
		this.value = value;
	}

	/**
	 * The key of something that the application knows by that name. One of 16 to 64
	 * letters, digits and {@code . _ : / -} travels as it is, any other as its SHA-256.
	 * @throws IllegalArgumentException if it is empty
	 */
	public static IdempotencyKey of(String name) {
		if (name.isEmpty()) {
			throw new IllegalArgumentException("An idempotency key must not be empty: it would make all calls one");
		}
		return new IdempotencyKey(PLAIN.matcher(name).matches() ? name : hash(name));
	}

	private static String hash(String name) {
		try {
			byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
			return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JDK has it", ex);
		}
	}

	/**
	 * The key for a call that this thread starts now: that of the action around it, or a
	 * new one of 128 random bits.
	 */
	static IdempotencyKey forCall() {
		IdempotencyKey current = CURRENT.get();
		return (current != null) ? current : new IdempotencyKey(RANDOM.next());
	}

	/** The key of the action around, or {@code null}. */
	static @Nullable IdempotencyKey current() {
		return CURRENT.get();
	}

	/**
	 * The key of the part of a call that is done by one instance, where all have to do
	 * theirs.
	 */
	public IdempotencyKey at(RpcInstance instance) {
		return new IdempotencyKey(hash(this.value + ' ' + instance.id()));
	}

	/**
	 * Sends this key with every keyed call that the action starts on this thread, in
	 * place of that of an action around this one. Calls that it has other threads start
	 * are not meant.
	 * @return what the action returns
	 * @throws X if the action does
	 */
	public <T extends @Nullable Object, X extends Throwable> T call(RpcMetadata.Action<T, X> action) throws X {
		return with(this, action);
	}

	/**
	 * Like {@link #call}, for an action without a result.
	 */
	public void run(Runnable action) {
		with(this, () -> {
			action.run();
			return true;
		});
	}

	static <T extends @Nullable Object, X extends Throwable> T with(@Nullable IdempotencyKey key,
			RpcMetadata.Action<T, X> action) throws X {
		IdempotencyKey outer = CURRENT.get();
		set(key);
		try {
			return action.call();
		}
		finally {
			set(outer);
		}
	}

	private static void set(@Nullable IdempotencyKey key) {
		if (key != null) {
			CURRENT.set(key);
		}
		else {
			CURRENT.remove();
		}
	}

	/**
	 * The value of the header: a string of RFC 8941, in double quotes.
	 */
	String header() {
		return '"' + this.value + '"';
	}

	/**
	 * The key as it goes on the wire, without the quotes.
	 */
	@Override
	public String toString() {
		return this.value;
	}

}
