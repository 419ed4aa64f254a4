/**
 * The built-in stages of a call on the caller's side, one class each.
 */
@NullMarked
package dev.rpcboot.client.interceptor;

import org.jspecify.annotations.NullMarked;
