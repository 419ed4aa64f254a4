/**
 * The endpoint on WebFlux.
 */
@NullMarked
package dev.rpcboot.server.webflux;

import org.jspecify.annotations.NullMarked;
