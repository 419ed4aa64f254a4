package dev.rpcboot.client;

/**
 * An interceptor that runs once per attempt and knows the chosen instance: for signatures
 * and transport credentials.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface RpcAttemptInterceptor extends RpcClientInterceptor {

	@Override
	default ClientStage stage() {
		return ClientStage.ATTEMPT;
	}

}
