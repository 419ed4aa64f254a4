/**
 * How an instance is chosen among those of a target, and what is known of each.
 */
@NullMarked
package dev.rpcboot.client.balance;

import org.jspecify.annotations.NullMarked;
