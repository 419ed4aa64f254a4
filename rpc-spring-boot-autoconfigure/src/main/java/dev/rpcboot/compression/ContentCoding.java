package dev.rpcboot.compression;

/**
 * A content coding of HTTP that shortens messages. Safe for concurrent use.
 *
 * @since 0.1
 */
public sealed interface ContentCoding permits GzipCoding, ZstdCoding {

	/**
	 * Its name in {@code Content-Encoding}, in lower case.
	 */
	String name();

	/**
	 * Encodes a message. Fast rather than small.
	 */
	byte[] encode(byte[] plain);

	/**
	 * Decodes a whole message, without trust in what it says of its size: memory is taken
	 * as bytes come out.
	 * @param limit most bytes that may come out
	 * @throws ContentTooLargeException if there would be more
	 * @throws MalformedContentException if it is not what the coding promises
	 */
	byte[] decode(byte[] coded, long limit) throws ContentTooLargeException, MalformedContentException;

}
