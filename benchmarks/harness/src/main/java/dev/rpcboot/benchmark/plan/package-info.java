/**
 * Which rows and points there are, and the figures of each.
 */
@NullMarked
package dev.rpcboot.benchmark.plan;

import org.jspecify.annotations.NullMarked;
