/**
 * Tables and plots, and the page they are written into.
 */
@NullMarked
package dev.rpcboot.benchmark.report;

import org.jspecify.annotations.NullMarked;
