/**
 * What compression costs and saves.
 */
@NullMarked
package dev.rpcboot.benchmark.compression;

import org.jspecify.annotations.NullMarked;
