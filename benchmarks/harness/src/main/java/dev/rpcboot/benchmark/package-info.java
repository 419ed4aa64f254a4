/**
 * What is called: the same four methods for every peer.
 */
@NullMarked
package dev.rpcboot.benchmark;

import org.jspecify.annotations.NullMarked;
