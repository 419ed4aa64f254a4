package dev.rpcboot.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * The stages of every call, composed once: one chain serves the whole application. The
 * order is that of {@link ClientStage}.
 */
final class ClientPipeline {

	private final RpcClientInterceptor.Chain first;

	/**
	 * Composes the chain.
	 * @param interceptors in Spring's order, which holds among those of one stage
	 * @param exchange what stands at the end
	 */
	ClientPipeline(List<RpcClientInterceptor> interceptors, RpcClientInterceptor.Chain exchange) {
		List<RpcClientInterceptor> outermostFirst = new ArrayList<>(interceptors);
		outermostFirst.sort(Comparator.comparing(RpcClientInterceptor::stage));
		RpcClientInterceptor.Chain chain = new Link((request, end) -> end.proceed(request), exchange);
		for (int i = outermostFirst.size() - 1; i >= 0; i--) {
			chain = new Link(outermostFirst.get(i), chain);
		}
		this.first = chain;
	}

	CompletableFuture<RpcResponse> call(RpcRequest request) {
		return this.first.proceed(request);
	}

	/**
	 * One interceptor with what follows it. Whatever it throws becomes a failed future,
	 * so that the stages around it need to release what they hold in one way only.
	 */
	private record Link(RpcClientInterceptor interceptor,
			RpcClientInterceptor.Chain next) implements RpcClientInterceptor.Chain {

		@Override
		public CompletableFuture<RpcResponse> proceed(RpcRequest request) {
			try {
				return Objects.requireNonNull(this.interceptor.intercept(request, this.next),
						() -> this.interceptor.getClass().getName() + " returned null instead of a future");
			}
			// an application's own code, errors included: whoever waits must be told
			catch (Throwable ex) {
				return CompletableFuture.failedFuture(ex);
			}
		}

	}

}
