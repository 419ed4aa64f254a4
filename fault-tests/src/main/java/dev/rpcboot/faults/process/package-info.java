/**
 * Providers and consumers as processes, and what they are told from outside.
 */
@NullMarked
package dev.rpcboot.faults.process;

import org.jspecify.annotations.NullMarked;
