/**
 * Wiring of the caller's side: properties, references, beans.
 */
@NullMarked
package dev.rpcboot.autoconfigure.client;

import org.jspecify.annotations.NullMarked;
