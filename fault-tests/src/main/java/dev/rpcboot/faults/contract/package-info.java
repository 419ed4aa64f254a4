/**
 * What providers and consumers of the rig agree on.
 */
@NullMarked
package dev.rpcboot.faults.contract;

import org.jspecify.annotations.NullMarked;
