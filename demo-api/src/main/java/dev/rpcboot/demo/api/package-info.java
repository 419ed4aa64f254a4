/**
 * A warehouse's contract: an interface, the records that it passes, and the exceptions
 * that it declares.
 */
@NullMarked
package dev.rpcboot.demo.api;

import org.jspecify.annotations.NullMarked;
