/**
 * How much of a server runs at a time, and what is refused when there is more.
 */
@NullMarked
package dev.rpcboot.server.overload;

import org.jspecify.annotations.NullMarked;
