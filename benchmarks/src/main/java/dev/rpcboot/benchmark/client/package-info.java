/**
 * The closed loop that calls and measures.
 */
@NullMarked
package dev.rpcboot.benchmark.client;

import org.jspecify.annotations.NullMarked;
