package dev.rpcboot.server;

/**
 * Encodes what a stream gives as responses to its call. Safe for concurrent use.
 */
interface EventEncoding {

	/**
	 * Encodes an item; it failed if the reply has an error.
	 */
	CallReply item(Object item);

	/**
	 * Encodes that the stream has ended.
	 */
	CallReply end();

	/**
	 * Encodes, and logs, why the stream cannot go on.
	 */
	CallReply failure(Throwable failure);

}
