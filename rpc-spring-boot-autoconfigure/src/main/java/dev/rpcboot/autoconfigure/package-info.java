/**
 * Wiring of the library into Spring Boot.
 */
@NullMarked
package dev.rpcboot.autoconfigure;

import org.jspecify.annotations.NullMarked;
