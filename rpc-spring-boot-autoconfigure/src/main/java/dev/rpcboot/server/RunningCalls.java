package dev.rpcboot.server;

import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.rpcboot.call.NanoClock;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.jsonrpc.JsonRpcMessage;
import dev.rpcboot.jsonrpc.JsonRpcReader;
import org.jspecify.annotations.Nullable;

/**
 * The running requests whose callers gave them an id, so that the same callers can cancel
 * them by the notification {@code rpc.cancel}: a servlet container does not see an
 * HTTP/1.1 client leave. Safe for concurrent use.
 */
final class RunningCalls {

	private static final String CANCEL = "rpc.cancel";

	private static final int MIN_ID_LENGTH = 16;

	private static final int MAX_ID_LENGTH = 64;

	private static final Runnable NOTHING = () -> {
	};

	private final Map<Key, CallSource> running = new ConcurrentHashMap<>();

	private final EarlyCancellations<Key> early = new EarlyCancellations<>(NanoClock.SYSTEM);

	private final JsonRpcReader reader;

	RunningCalls(JsonRpcReader reader) {
		this.reader = reader;
	}

	/**
	 * Whether a request bears no id, or one that can be used.
	 */
	static boolean isWellFormed(RequestHead head) {
		List<String> ids = head.values(RpcHeaders.CALL_ID);
		return ids.isEmpty() || (ids.size() == 1 && isId(ids.get(0)));
	}

	private static boolean isId(String value) {
		for (int i = 0; i < value.length(); i++) {
			if (value.charAt(i) <= ' ' || value.charAt(i) > '~') {
				return false;
			}
		}
		return value.length() >= MIN_ID_LENGTH && value.length() <= MAX_ID_LENGTH;
	}

	/**
	 * Lets a request be cancelled until it is over. If its caller has another with the
	 * same id running, it runs all the same, and only the other can be cancelled: an
	 * intermediary may have sent it twice, and neither deserves to fail for that.
	 * @return to be run when the request is over
	 */
	Runnable add(CallSource source) {
		List<String> ids = source.head().values(RpcHeaders.CALL_ID);
		if (ids.isEmpty()) {
			return NOTHING;
		}
		Key key = Key.of(ids.get(0), source.principal());
		this.running.putIfAbsent(key, source);
		if (this.early.remove(key)) {
			source.leave();
		}
		return () -> this.running.remove(key, source);
	}

	static boolean isCancellation(List<String> methods) {
		return methods.size() == 1 && methods.get(0).equals(CANCEL);
	}

	/**
	 * Cancels what a notification of ours names, if it is one: nobody is told whether
	 * there was such a request. If there is none, it may still come.
	 * @return whether it was one
	 */
	boolean cancel(JsonRpcMessage.Call call, CallSource source) {
		if (!call.method().equals(CANCEL) || !call.isNotification()) {
			return false;
		}
		String id = this.reader.onlyText(call, "id");
		if (id != null && isId(id)) {
			cancel(Key.of(id, source.principal()));
		}
		return true;
	}

	private void cancel(Key key) {
		if (!leave(key)) {
			this.early.add(key);
			// it may have come between the two
			leave(key);
		}
	}

	private boolean leave(Key key) {
		CallSource named = this.running.get(key);
		if (named != null) {
			named.leave();
		}
		return named != null;
	}

	int size() {
		return this.running.size();
	}

	/**
	 * What a request is found by; with the caller in it, so that nobody reaches the
	 * requests of another.
	 */
	private record Key(String id, @Nullable String principal) {

		static Key of(String id, @Nullable Principal principal) {
			return new Key(id, (principal != null) ? principal.getName() : null);
		}

	}

}
