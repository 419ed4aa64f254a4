package dev.rpcboot;

/**
 * One constraint that an argument broke.
 *
 * @param path where, in the caller's terms: {@code order.lines[0].quantity}
 * @param rule name of the constraint, such as {@code Min}
 * @param message what it demands; never the refused value
 * @since 0.1
 */
public record RpcViolation(String path, String rule, String message) {
}
