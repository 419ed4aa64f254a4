package dev.rpcboot.client;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Finds out which call a lambda makes, by running it once on a proxy that sends nothing.
 * For one lambda.
 *
 * @param <T> the contract
 */
final class Recording<T> implements InvocationHandler {

	private static final @Nullable Object[] NO_ARGUMENTS = {};

	private static final int ODD = 0x5A17C3E1;

	private final PreparedContract<T> contract;

	private @Nullable PreparedMethod method;

	private @Nullable Object[] arguments = NO_ARGUMENTS;

	private @Nullable Object handedOut;

	private @Nullable Method convenience;

	private int calls;

	private Recording(PreparedContract<T> contract) {
		this.contract = contract;
	}

	/**
	 * The call that a lambda makes and whose result it returns.
	 * @throws IllegalArgumentException if it makes none or several, or returns something
	 * else
	 */
	static <T> RecordedCall of(PreparedContract<T> contract, RpcCall<T, ? extends @Nullable Object> call) {
		Recording<T> recording = new Recording<>(contract);
		Object returned = recording.run(call);
		Method convenience = recording.convenience;
		PreparedMethod method = recording.only();
		if (!Objects.equals(returned, recording.handedOut) || (convenience != null
				&& !convenience.getReturnType().isAssignableFrom(method.contract().method().getReturnType()))) {
			throw recording.refused("it returns something else than the call of " + method + " returns", null);
		}
		return new RecordedCall(method, recording.arguments);
	}

	/**
	 * The call that a lambda makes, whatever becomes of its result.
	 * @throws IllegalArgumentException if it makes none or several
	 */
	static <T> RecordedCall ofVoid(PreparedContract<T> contract, RpcAction<T> action) {
		Recording<T> recording = new Recording<>(contract);
		recording.run((stand) -> {
			action.run(stand);
			// nobody looks at it
			return true;
		});
		return new RecordedCall(recording.only(), recording.arguments);
	}

	private @Nullable Object run(RpcCall<T, ? extends @Nullable Object> call) {
		Class<T> type = this.contract.type();
		T stand = type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, this));
		try {
			return call.call(stand);
		}
		// an application's own code, which may not expect a null
		catch (Exception ex) {
			throw refused("it failed with " + ex, ex);
		}
	}

	private PreparedMethod only() {
		if (this.method == null || this.calls != 1) {
			throw refused("it makes " + ((this.calls == 0) ? "no remote call" : this.calls + " remote calls"), null);
		}
		return this.method;
	}

	private IllegalArgumentException refused(String why, @Nullable Exception cause) {
		return new IllegalArgumentException("The lambda cannot be recorded as a call of " + this.contract + ": " + why
				+ ". It is run once without sending anything, so it must make exactly one call of a remote method and"
				+ " return what that returns, such as (stock) -> stock.find(\"A-0001\")", cause);
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
			throws Throwable {
		@Nullable Object[] given = (arguments != null) ? arguments : NO_ARGUMENTS;
		PreparedMethod remote = this.contract.method(method);
		if (remote != null) {
			this.calls++;
			this.method = remote;
			this.arguments = given;
			this.handedOut = standIn(method.getReturnType());
			return this.handedOut;
		}
		if (method.isDefault()) {
			this.convenience = (this.convenience != null) ? this.convenience : method;
			return DefaultMethods.invoke(proxy, method, given);
		}
		return switch (method.getName()) {
			case "equals" -> proxy == given[0];
			case "hashCode" -> System.identityHashCode(proxy);
			default -> "a stand-in of " + this.contract;
		};
	}

	/**
	 * What stands for a result: of a primitive type a value that stays the same by no
	 * chance when something is made of it, as zero would.
	 */
	private static @Nullable Object standIn(Class<?> type) {
		return switch (type.getName()) {
			case "boolean" -> true;
			case "byte" -> (byte) ODD;
			case "short" -> (short) ODD;
			case "char" -> (char) ODD;
			case "int" -> ODD;
			case "long" -> (long) ODD;
			case "float" -> (float) ODD;
			case "double" -> (double) ODD;
			default -> null;
		};
	}

	/**
	 * A call that was noted.
	 *
	 * @param method which method
	 * @param arguments its arguments, not to be changed
	 */
	record RecordedCall(PreparedMethod method, @Nullable Object[] arguments) {

		List<@Nullable Object> argumentList() {
			return Collections.unmodifiableList(Arrays.asList(this.arguments));
		}

	}

}
