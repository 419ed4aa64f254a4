/**
 * The provider's side: service annotation, exported methods, and the dispatcher that
 * answers encoded requests.
 */
@NullMarked
package dev.rpcboot.server;

import org.jspecify.annotations.NullMarked;
