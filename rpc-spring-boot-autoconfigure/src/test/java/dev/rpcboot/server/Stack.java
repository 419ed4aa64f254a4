package dev.rpcboot.server;

/**
 * The web stacks that behave alike.
 */
enum Stack {

	SERVLET, REACTIVE

}
