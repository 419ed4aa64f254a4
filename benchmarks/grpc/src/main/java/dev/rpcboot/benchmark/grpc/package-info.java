/**
 * gRPC-Java with messages of its own, as its users have them.
 */
@NullMarked
package dev.rpcboot.benchmark.grpc;

import org.jspecify.annotations.NullMarked;
