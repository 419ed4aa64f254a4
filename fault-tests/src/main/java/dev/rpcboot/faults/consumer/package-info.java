/**
 * An application that calls at a constant rate and counts what becomes of each call.
 */
@NullMarked
package dev.rpcboot.faults.consumer;

import org.jspecify.annotations.NullMarked;
