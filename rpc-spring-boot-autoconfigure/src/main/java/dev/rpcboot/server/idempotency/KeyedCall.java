package dev.rpcboot.server.idempotency;

import dev.rpcboot.call.Deadline;

/**
 * A call that bears an idempotency key.
 *
 * @param id stands for the caller, the method and the key together: 64 hexadecimal
 * digits, equal for repeats of one call and for nothing else
 * @param fingerprint stands for the arguments: 64 hexadecimal digits
 * @param deadline when the caller stops waiting
 * @since 0.1
 */
public record KeyedCall(String id, String fingerprint, Deadline deadline) {
}
