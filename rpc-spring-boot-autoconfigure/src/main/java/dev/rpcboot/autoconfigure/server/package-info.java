/**
 * Wiring of the provider's side: properties, services, beans.
 */
@NullMarked
package dev.rpcboot.autoconfigure.server;

import org.jspecify.annotations.NullMarked;
