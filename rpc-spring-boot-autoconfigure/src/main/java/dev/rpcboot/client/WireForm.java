package dev.rpcboot.client;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.jsonrpc.EncodedResult;
import org.jspecify.annotations.Nullable;

/**
 * What a kind of call looks like on the wire, and how its answer is read. Safe for
 * concurrent use.
 */
interface WireForm {

	/**
	 * Encodes the body of a request.
	 * @param id id of its call, the first of as many as {@link #ids} says
	 * @throws IllegalArgumentException if an argument cannot be encoded
	 */
	byte[] encode(long id, @Nullable Object[] arguments);

	/**
	 * Encodes the arguments alone, as a key that tells calls apart.
	 * @throws IllegalArgumentException if an argument cannot be encoded
	 */
	byte[] encodeArguments(@Nullable Object[] arguments);

	/**
	 * How many ids a request needs.
	 */
	default int ids(@Nullable Object[] arguments) {
		return 1;
	}

	/**
	 * Whether the header {@link dev.rpcboot.call.RpcHeaders#METHOD} names the method.
	 */
	default boolean mirrorsMethod() {
		return true;
	}

	/**
	 * Whether requests may travel with those of other callers: each is one call that is
	 * answered in one piece.
	 */
	default boolean isCoalescible() {
		return false;
	}

	/**
	 * Reads an answer.
	 * @return what succeeded
	 * @throws Throwable the failure that it stands for: one of ours, or an exception of
	 * the contract
	 */
	RpcResponse read(RpcTransport.Answer answer, RpcRequest request, long id) throws Throwable;

	/**
	 * The media types of the answers that can be read, or {@code null} for JSON alone.
	 */
	default @Nullable String accept() {
		return null;
	}

	/**
	 * Reads the response object that came as an event of a stream.
	 * @param answer the head of the stream
	 * @return the result that it bears
	 * @throws Throwable the failure that it stands for: one of ours, or an exception of
	 * the contract
	 */
	default EncodedResult readEvent(byte[] data, RpcTransport.Answer answer, RpcRequest request, long id)
			throws Throwable {
		throw new RpcProtocolException(request + " was answered with a stream, which it did not ask for",
				Execution.UNKNOWN, null);
	}

	/**
	 * Decodes what was answered, as the caller will see it.
	 */
	@Nullable Object decode(RpcResponse response);

}
