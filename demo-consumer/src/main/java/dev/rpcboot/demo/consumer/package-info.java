/**
 * An application that uses a warehouse in another process.
 */
@NullMarked
package dev.rpcboot.demo.consumer;

import org.jspecify.annotations.NullMarked;
