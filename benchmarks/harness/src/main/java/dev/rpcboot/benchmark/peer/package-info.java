/**
 * What a peer must have: a server and a client, found by name, each in a process of its
 * own.
 */
@NullMarked
package dev.rpcboot.benchmark.peer;

import org.jspecify.annotations.NullMarked;
