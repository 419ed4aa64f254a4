/**
 * What the parts of a call cost without a network, by JMH.
 */
@NullMarked
package dev.rpcboot.benchmark.layers;

import org.jspecify.annotations.NullMarked;
