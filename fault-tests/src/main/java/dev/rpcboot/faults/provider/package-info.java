/**
 * An application that keeps a ledger of every method that was entered.
 */
@NullMarked
package dev.rpcboot.faults.provider;

import org.jspecify.annotations.NullMarked;
