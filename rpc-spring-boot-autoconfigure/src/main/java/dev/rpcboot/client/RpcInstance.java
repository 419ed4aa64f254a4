package dev.rpcboot.client;

import java.net.URI;

/**
 * One running instance of a target.
 *
 * @param id tells it from the others of its target
 * @param endpoint where it serves contracts, path included:
 * {@code http://10.0.0.7:8080/rpc}, without a slash at the end
 * @since 0.1
 */
public record RpcInstance(String id, URI endpoint) {
}
