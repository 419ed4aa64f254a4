/**
 * The processes that are measured by turns.
 */
@NullMarked
package dev.rpcboot.benchmark.run;

import org.jspecify.annotations.NullMarked;
