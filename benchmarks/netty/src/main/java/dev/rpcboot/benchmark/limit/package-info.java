/**
 * What the machine and the JDK allow: as many bytes as our calls send and receive, HTTP's
 * among them, but nothing in them that would have to be written or read.
 */
@NullMarked
package dev.rpcboot.benchmark.limit;

import org.jspecify.annotations.NullMarked;
