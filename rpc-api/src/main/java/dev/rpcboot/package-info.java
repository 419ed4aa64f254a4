/**
 * What a contract may need: annotations that give a method its meaning, and the failures
 * a caller may catch. Plain Java, without Spring.
 */
@NullMarked
package dev.rpcboot;

import org.jspecify.annotations.NullMarked;
