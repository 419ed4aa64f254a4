/**
 * An application without beans of its own.
 */
@NullMarked
package dev.rpcboot.benchmark;

import org.jspecify.annotations.NullMarked;
