/**
 * The built-in stages of a call on the provider's side, one class each.
 */
@NullMarked
package dev.rpcboot.server.interceptor;

import org.jspecify.annotations.NullMarked;
