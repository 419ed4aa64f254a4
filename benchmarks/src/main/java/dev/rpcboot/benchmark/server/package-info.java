/**
 * One Spring MVC application that serves both clients.
 */
@NullMarked
package dev.rpcboot.benchmark.server;

import org.jspecify.annotations.NullMarked;
