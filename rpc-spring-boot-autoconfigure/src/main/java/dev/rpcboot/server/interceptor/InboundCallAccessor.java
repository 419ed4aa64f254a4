package dev.rpcboot.server.interceptor;

import dev.rpcboot.call.InboundCall;
import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Carries {@link InboundCall} to the threads and into the Reactor contexts of later work,
 * so that a call made there inherits the time left. Found by Micrometer's context
 * propagation as a service.
 *
 * @since 0.1
 */
public final class InboundCallAccessor implements ThreadLocalAccessor<InboundCall> {

	/** Key of the inbound call in a Reactor context. */
	public static final String KEY = "rpc.inbound-call";

	@Override
	public Object key() {
		return KEY;
	}

	@Override
	public @Nullable InboundCall getValue() {
		return InboundCall.current();
	}

	@Override
	public void setValue(InboundCall value) {
		InboundCall.set(value);
	}

	@Override
	public void setValue() {
		InboundCall.set(null);
	}

}
