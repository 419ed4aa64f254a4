/**
 * Ours, in the configuration that users get by default.
 */
@NullMarked
package dev.rpcboot.benchmark.ours;

import org.jspecify.annotations.NullMarked;
