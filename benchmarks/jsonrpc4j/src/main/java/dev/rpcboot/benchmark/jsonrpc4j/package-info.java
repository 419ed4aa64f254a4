/**
 * jsonrpc4j, with Jackson 2.
 */
@NullMarked
package dev.rpcboot.benchmark.jsonrpc4j;

import org.jspecify.annotations.NullMarked;
