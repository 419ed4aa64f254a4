/**
 * Bytes to JSON-RPC 2.0 messages and back, on both sides.
 */
@NullMarked
package dev.rpcboot.jsonrpc;

import org.jspecify.annotations.NullMarked;
