/**
 * Dubbo, with either of its protocols and without a registry.
 */
@NullMarked
package dev.rpcboot.benchmark.dubbo;

import org.jspecify.annotations.NullMarked;
