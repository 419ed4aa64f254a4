package dev.rpcboot.client;

/**
 * Who makes a call, as a request attribute that an interceptor at
 * {@link ClientStage#CALL} leaves for the cache's scope {@code principal}. Two callers
 * who may see different answers must not have equal identities.
 *
 * @param value a value with {@code equals} and {@code hashCode}
 * @since 0.1
 */
public record CallerIdentity(Object value) {
}
