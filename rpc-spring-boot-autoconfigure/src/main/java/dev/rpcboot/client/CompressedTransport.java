package dev.rpcboot.client;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.client.RpcTransport.Answer;
import dev.rpcboot.client.RpcTransport.Message;
import dev.rpcboot.compression.ContentCoding;
import dev.rpcboot.compression.ContentCodings;
import dev.rpcboot.compression.ContentTooLargeException;
import dev.rpcboot.compression.MalformedContentException;
import org.jspecify.annotations.Nullable;

/**
 * Compresses requests and reads compressed answers, as far as settings say so. A request
 * is compressed once its address has said by {@code Accept-Encoding} in an answer that it
 * reads such. Safe for concurrent use.
 */
final class CompressedTransport {

	private static final String ACCEPT_ENCODING = "Accept-Encoding";

	private static final String CONTENT_ENCODING = "Content-Encoding";

	private static final int UNSUPPORTED_MEDIA_TYPE = 415;

	private static final int MAX_REMEMBERED_ADDRESSES = 1024;

	private final RpcTransport transport;

	private final Map<URI, Reader> readers = new ConcurrentHashMap<>();

	CompressedTransport(RpcTransport transport) {
		this.transport = transport;
	}

	/**
	 * Whether a header is ours alone to set: who sets it could not read what comes back.
	 */
	static boolean sets(String header) {
		return header.equalsIgnoreCase(ACCEPT_ENCODING) || header.equalsIgnoreCase(CONTENT_ENCODING);
	}

	/**
	 * Exchanges a message for an answer that is not compressed. Fails as the transport
	 * does.
	 */
	CompletableFuture<Answer> exchange(Message message, CallSettings.Compression compression, CallContext context) {
		boolean asked = compression.answers() && !isForEvents(message.headers());
		if (!asked && !compression.requests()) {
			CompletableFuture<Answer> answer = this.transport.exchange(message, context);
			return isPlain(answer) ? answer : answer.thenApply((other) -> plain(other, message, null));
		}
		ContentCodings codings = ContentCodings.available();
		// identity asks for nothing, but to be told what may be sent
		Message plain = with(message, ACCEPT_ENCODING, asked ? codings.names() : "identity");
		ContentCodings understood = asked ? codings : null;
		Reader reader = compression.requests() ? this.readers.get(message.uri()) : null;
		ContentCoding coding = (reader != null) ? reader.coding() : null;
		Message compressed = (coding != null && message.body().length >= compression.minSize().toBytes())
				? compressed(plain, coding) : plain;
		CompletableFuture<Answer> answer = this.transport.exchange(compressed, context);
		if (compressed != plain) {
			answer = answer.thenCompose((first) -> afterRefusal(first, plain, context));
		}
		else if (compression.requests()) {
			answer = answer.thenApply((first) -> learned(first, message.uri(), codings));
		}
		return answer.thenApply((last) -> plain(last, message, understood));
	}

	// as almost every answer is, and a caller that waits has it already
	private static boolean isPlain(CompletableFuture<Answer> answer) {
		return answer.isDone() && !answer.isCompletedExceptionally()
				&& answer.join().headers().first(CONTENT_ENCODING) == null;
	}

	// streams are not compressed: an item would wait in the encoder for those behind it
	private static boolean isForEvents(RpcHeaders headers) {
		String accept = headers.first("Accept");
		return accept != null && accept.contains("text/event-stream");
	}

	private static Message with(Message message, String header, String value) {
		return with(message, header, value, message.body());
	}

	private static Message with(Message message, String header, String value, byte[] body) {
		return new Message(message.uri(), message.headers().with(header, value), body, message.settings(),
				message.description());
	}

	private static Message compressed(Message message, ContentCoding coding) {
		byte[] body = coding.encode(message.body());
		return (body.length < message.body().length) ? with(message, CONTENT_ENCODING, coding.name(), body) : message;
	}

	/**
	 * Sends a request again as it is, once, if it was refused compressed: the address has
	 * changed its mind, or another server stands there now. Nothing was executed. The
	 * second answer teaches nothing, so that one who says yes and does no is not believed
	 * again at once.
	 */
	private CompletableFuture<Answer> afterRefusal(Answer answer, Message plain, CallContext context) {
		if (answer.status() != UNSUPPORTED_MEDIA_TYPE) {
			return CompletableFuture.completedFuture(answer);
		}
		this.readers.remove(plain.uri());
		long millis = Math.max(1, context.remaining().toMillis());
		return this.transport.exchange(with(plain, RpcHeaders.TIMEOUT, Long.toString(millis)), context);
	}

	private Answer learned(Answer answer, URI uri, ContentCodings codings) {
		String accepted = answer.headers().first(ACCEPT_ENCODING);
		Reader known = this.readers.get(uri);
		if (accepted != null && (known == null || !accepted.equals(known.accepted()))) {
			if (this.readers.size() >= MAX_REMEMBERED_ADDRESSES) {
				this.readers.clear();
			}
			this.readers.put(uri, new Reader(accepted, codings.choose(List.of(accepted)).coding()));
		}
		return answer;
	}

	/**
	 * The answer as it was before it was encoded.
	 * @param understood the codings that were asked for, or {@code null} if none were:
	 * what nobody asked for is not decoded either
	 */
	private static Answer plain(Answer answer, Message message, @Nullable ContentCodings understood) {
		String encoding = answer.headers().first(CONTENT_ENCODING);
		if (encoding == null || encoding.equalsIgnoreCase("identity")) {
			return answer;
		}
		try {
			return decoded(answer, encoding, message, understood);
		}
		catch (RpcProtocolException ex) {
			if (answer.events() != null) {
				answer.events().cancel();
			}
			if (answer.status() == 200) {
				throw ex;
			}
			// the status says what became of the request
			return new Answer(answer.status(), answer.headers(), new byte[0]);
		}
	}

	private static Answer decoded(Answer answer, String encoding, Message message,
			@Nullable ContentCodings understood) {
		ContentCoding coding = (understood != null) ? understood.of(List.of(encoding)) : null;
		if (coding == null || answer.events() != null) {
			throw new RpcProtocolException(
					text(message) + "the answer has Content-Encoding: " + encoding + ", " + ((understood != null)
							? understood.names() + " were asked for" : "which was not asked for (compression.answers)"),
					Execution.UNKNOWN, null);
		}
		try {
			byte[] body = coding.decode(answer.body(), message.settings().maxAnswerSize().toBytes());
			return new Answer(answer.status(), answer.headers(), body);
		}
		catch (ContentTooLargeException ex) {
			throw new RpcProtocolException(text(message) + "the answer is larger than the limit of "
					+ message.settings().maxAnswerSize() + " (max-answer-size)", Execution.EXECUTED, ex);
		}
		catch (MalformedContentException ex) {
			throw new RpcProtocolException(text(message) + "the answer cannot be decoded. " + ex.getMessage(),
					Execution.UNKNOWN, ex);
		}
	}

	private static String text(Message message) {
		return message.description() + " at " + message.uri().getAuthority() + ": ";
	}

	/**
	 * What an address has said that it reads.
	 *
	 * @param accepted its own words
	 * @param coding the one of ours to use, or {@code null} if there is none
	 */
	private record Reader(String accepted, @Nullable ContentCoding coding) {
	}

}
