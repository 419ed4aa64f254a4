package dev.rpcboot.jsonrpc;

/**
 * A JSON value as it stands in a body, byte for byte. The bytes are shared and never
 * changed.
 *
 * @param bytes the whole body
 * @param from index of its first byte
 * @param to index after its last byte
 * @since 0.1
 */
public record RawJson(byte[] bytes, int from, int to) {
}
