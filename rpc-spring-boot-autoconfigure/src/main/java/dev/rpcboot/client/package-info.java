/**
 * The caller's side: reference annotation, proxy, settings, and the pipeline that every
 * call goes through.
 */
@NullMarked
package dev.rpcboot.client;

import org.jspecify.annotations.NullMarked;
