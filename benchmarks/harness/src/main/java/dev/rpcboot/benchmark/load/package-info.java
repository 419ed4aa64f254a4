/**
 * The closed loop: callers that each call again as soon as they have their answer.
 */
@NullMarked
package dev.rpcboot.benchmark.load;

import org.jspecify.annotations.NullMarked;
