/**
 * A warehouse that serves its stock.
 */
@NullMarked
package dev.rpcboot.demo.provider;

import org.jspecify.annotations.NullMarked;
