/**
 * Idempotency keys: what is known of a keyed call, and the stores that keep what it
 * answered.
 */
@NullMarked
package dev.rpcboot.server.idempotency;

import org.jspecify.annotations.NullMarked;
