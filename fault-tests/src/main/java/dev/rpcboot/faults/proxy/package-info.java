/**
 * A TCP proxy that misbehaves as networks, proxies and dying servers do.
 */
@NullMarked
package dev.rpcboot.faults.proxy;

import org.jspecify.annotations.NullMarked;
