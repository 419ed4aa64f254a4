package dev.rpcboot.client;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.call.ItemSource;
import dev.rpcboot.jsonrpc.ClientCodec;
import dev.rpcboot.jsonrpc.EncodedResult;
import dev.rpcboot.jsonrpc.MalformedAnswerException;
import org.jspecify.annotations.Nullable;

/**
 * A call whose result comes item by item, or in an array from a server that does not
 * stream.
 */
final class StreamForm implements WireForm {

	private final CallForm call;

	private final ClientCodec codec;

	StreamForm(CallForm call, ClientCodec codec) {
		this.call = call;
		this.codec = codec;
	}

	@Override
	public String accept() {
		return "text/event-stream, application/json";
	}

	@Override
	public byte[] encode(long id, @Nullable Object[] arguments) {
		return this.call.encode(id, arguments);
	}

	@Override
	public byte[] encodeArguments(@Nullable Object[] arguments) {
		return this.call.encodeArguments(arguments);
	}

	@Override
	public RpcResponse read(RpcTransport.Answer answer, RpcRequest request, long id) throws Throwable {
		return this.call.read(answer, request, id);
	}

	@Override
	public EncodedResult readEvent(byte[] data, RpcTransport.Answer answer, RpcRequest request, long id)
			throws Throwable {
		return AnswerReader.readEvent(data, answer, request, this.codec, id);
	}

	/**
	 * The items of an answer, whichever way they came.
	 * @throws RpcProtocolException if it has none
	 */
	ItemSource<EncodedResult> items(RpcResponse response) {
		if (lacksItems(response)) {
			throw new RpcProtocolException(
					this.call + " was answered with a stream, whose items an interceptor has lost:"
							+ " it must change the response it was given by RpcResponse.withHeaders",
					Execution.UNKNOWN, null);
		}
		return (response.items() != null) ? response.items() : new Elements(elements(response).iterator());
	}

	/**
	 * Whether an answer stood for a stream, but was made anew without its items.
	 */
	static boolean lacksItems(RpcResponse response) {
		return response.items() == null && response.result() == EncodedResult.NULL;
	}

	/**
	 * Decodes one item.
	 * @param from where it comes from, which ends if the item does not fit
	 * @throws RpcProtocolException if it does not fit the contract
	 */
	@Nullable Object decode(EncodedResult item, ItemSource<EncodedResult> from) {
		try {
			return this.call.decode(item);
		}
		// a constructor of the application's, too
		catch (Throwable ex) {
			if (from instanceof ResultItems items) {
				items.refuse(ex);
			}
			throw ex;
		}
	}

	/**
	 * Decodes the items of an array.
	 * @throws IllegalStateException if they come one by one, for their reader alone
	 */
	@Override
	public Object decode(RpcResponse response) {
		if (response.items() != null) {
			throw new IllegalStateException("The items of a stream can be read only once, by the caller");
		}
		List<@Nullable Object> items = new ArrayList<>();
		elements(response).forEach((item) -> items.add(this.call.decode(item)));
		return items;
	}

	@Override
	public String toString() {
		return this.call.toString();
	}

	private List<EncodedResult> elements(RpcResponse response) {
		try {
			return this.codec.items(response.result());
		}
		catch (MalformedAnswerException ex) {
			throw new RpcProtocolException(this.call + " was answered with neither a stream nor an array of its items: "
					+ ex.getMessage() + ". Compare the contract with the provider's", Execution.EXECUTED, ex);
		}
	}

	/**
	 * Items that are all there.
	 */
	private record Elements(Iterator<EncodedResult> elements) implements ItemSource<EncodedResult> {

		@Override
		public void next(Receiver<? super EncodedResult> receiver) {
			if (this.elements.hasNext()) {
				receiver.item(this.elements.next());
			}
			else {
				receiver.end();
			}
		}

		@Override
		public void cancel() {
			// nobody produces them any more
		}

	}

}
