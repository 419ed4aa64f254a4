/**
 * The endpoint on a servlet container.
 */
@NullMarked
package dev.rpcboot.server.servlet;

import org.jspecify.annotations.NullMarked;
