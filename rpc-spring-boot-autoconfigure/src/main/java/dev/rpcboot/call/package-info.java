/**
 * What a call is on both sides of the wire: contracts as read at start, headers, status
 * names and deadlines.
 */
@NullMarked
package dev.rpcboot.call;

import org.jspecify.annotations.NullMarked;
