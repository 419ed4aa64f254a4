package dev.rpcboot.jsonrpc;

import java.util.List;

import dev.rpcboot.call.RpcHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A parsed body: one request, or a batch.
 *
 * @since 0.1
 */
public sealed interface JsonRpcMessage {

	/**
	 * One entry of a batch, or the only one.
	 */
	sealed interface Entry {

	}

	/**
	 * A single request.
	 *
	 * @param call the request
	 */
	record Single(Call call) implements JsonRpcMessage {
	}

	/**
	 * A batch of at least one entry.
	 *
	 * @param entries its entries, in order
	 */
	record Batch(List<Entry> entries) implements JsonRpcMessage {

		public Batch {
			entries = List.copyOf(entries);
		}

	}

	/**
	 * A well-formed request.
	 *
	 * @param id its id, or {@code null} if it is a notification
	 * @param method the method's name
	 * @param params its parameters, an array or an object, or {@code null} if there are
	 * none
	 * @param extremeNumber whether the parameters bear a number of a magnitude that is
	 * refused
	 * @param headers those that are its own, where calls of several callers travel
	 * together; {@code null} if what stands there cannot be such headers
	 */
	record Call(@Nullable RawJson id, String method, @Nullable RawJson params, boolean extremeNumber,
			@Nullable RpcHeaders headers) implements Entry {

		/**
		 * Whether nobody waits for an answer.
		 */
		public boolean isNotification() {
			return this.id == null;
		}

	}

	/**
	 * An entry that is no request.
	 *
	 * @param id the id to answer under, or {@code null} if it could not be read
	 */
	record Invalid(@Nullable RawJson id) implements Entry {
	}

}
