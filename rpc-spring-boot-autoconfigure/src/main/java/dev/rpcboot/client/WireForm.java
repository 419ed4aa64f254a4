package dev.rpcboot.client;

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
	 * Reads an answer.
	 * @return what succeeded
	 * @throws Throwable the failure that it stands for: one of ours, or an exception of
	 * the contract
	 */
	RpcResponse read(RpcTransport.Answer answer, RpcRequest request, long id) throws Throwable;

	/**
	 * Decodes what was answered, as the caller will see it.
	 */
	@Nullable Object decode(RpcResponse response);

}
