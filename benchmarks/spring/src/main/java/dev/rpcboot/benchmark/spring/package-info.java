/**
 * A REST controller of Spring's, and three clients for it.
 */
@NullMarked
package dev.rpcboot.benchmark.spring;

import org.jspecify.annotations.NullMarked;
