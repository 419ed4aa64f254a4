/**
 * HTTP, and only here: how encoded requests reach an instance.
 */
@NullMarked
package dev.rpcboot.client.transport;

import org.jspecify.annotations.NullMarked;
