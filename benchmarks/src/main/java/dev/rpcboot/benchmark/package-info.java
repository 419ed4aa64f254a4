/**
 * What is measured: two methods, as a contract of ours and as Spring would write it.
 */
@NullMarked
package dev.rpcboot.benchmark;

import org.jspecify.annotations.NullMarked;
