/**
 * Content codings of HTTP, and how both sides agree on one. Knows nothing of calls.
 */
@NullMarked
package dev.rpcboot.compression;

import org.jspecify.annotations.NullMarked;
