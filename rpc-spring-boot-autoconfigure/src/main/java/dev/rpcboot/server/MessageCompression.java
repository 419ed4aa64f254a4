package dev.rpcboot.server;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

import dev.rpcboot.compression.ContentCoding;
import dev.rpcboot.compression.ContentCodings;
import dev.rpcboot.compression.ContentCodings.Choice;
import dev.rpcboot.compression.ContentTooLargeException;
import dev.rpcboot.compression.MalformedContentException;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests that come compressed, and compresses answers for callers that ask for
 * it. Safe for concurrent use.
 */
final class MessageCompression {

	private static final String ACCEPT_ENCODING = "Accept-Encoding";

	private static final String CONTENT_ENCODING = "Content-Encoding";

	/** From here on it takes longer than to go to another thread. */
	private static final int LARGE = 64 * 1024;

	private final @Nullable ContentCodings codings;

	private final long minSize;

	private final long maxRequestSize;

	private final CallThreads threads;

	MessageCompression(RpcServerSettings settings, CallThreads threads) {
		this.codings = settings.compression().enabled() ? ContentCodings.available() : null;
		this.minSize = settings.compression().minSize().toBytes();
		this.maxRequestSize = settings.maxRequestSize().toBytes();
		this.threads = threads;
	}

	/**
	 * Whether a request has a body that can be read: not encoded, or in one known coding.
	 */
	boolean canRead(RequestHead head) {
		List<String> encodings = head.values(CONTENT_ENCODING);
		return !ContentCodings.isEncoded(encodings) || (this.codings != null && this.codings.of(encodings) != null);
	}

	/**
	 * Whether the body of a request has to be decoded, which takes its time.
	 */
	boolean isEncoded(RequestHead head) {
		return ContentCodings.isEncoded(head.values(CONTENT_ENCODING));
	}

	/**
	 * Tells the caller which codings a request may have.
	 */
	HttpAnswer tell(HttpAnswer answer) {
		return answer.with(ACCEPT_ENCODING, (this.codings != null) ? this.codings.names() : "identity");
	}

	/**
	 * The body of a request as it was before it was encoded.
	 * @throws ContentTooLargeException if it is larger than a request may be
	 */
	byte[] decode(byte[] body, RequestHead head) throws ContentTooLargeException, MalformedContentException {
		List<String> encodings = head.values(CONTENT_ENCODING);
		ContentCoding coding = (this.codings != null && !encodings.isEmpty()) ? this.codings.of(encodings) : null;
		return (coding != null) ? coding.decode(body, this.maxRequestSize) : body;
	}

	/**
	 * Compresses an answer if the caller asks for it and it is worth while.
	 */
	CompletionStage<HttpAnswer> encode(CompletionStage<HttpAnswer> answer, RequestHead head) {
		List<String> accepted = head.values(ACCEPT_ENCODING);
		if (this.codings == null || accepted.isEmpty()) {
			return answer;
		}
		Choice choice = this.codings.choose(accepted);
		return answer.thenCompose((ready) -> encode(tell(ready), choice));
	}

	private CompletionStage<HttpAnswer> encode(HttpAnswer answer, Choice choice) {
		ContentCoding coding = choice.coding();
		int size = answer.body().length;
		boolean worthWhile = answer.events() == null && size > 0 && (size >= this.minSize || choice.required());
		if (coding == null || !worthWhile) {
			return CompletableFuture.completedStage(answer);
		}
		if (size < LARGE || this.threads.mayBlock() || !ReactorResults.isOnEventLoop()) {
			return CompletableFuture.completedStage(encoded(answer, coding, choice));
		}
		try {
			return CompletableFuture.supplyAsync(() -> encoded(answer, coding, choice), this.threads.executor());
		}
		catch (RejectedExecutionException ex) {
			// who has no thread to spare has no time for this either
			return CompletableFuture.completedStage(answer);
		}
	}

	private static HttpAnswer encoded(HttpAnswer answer, ContentCoding coding, Choice choice) {
		byte[] body = coding.encode(answer.body());
		if (body.length >= answer.body().length && !choice.required()) {
			return answer;
		}
		return new HttpAnswer(answer.status(),
				answer.headers().with(CONTENT_ENCODING, coding.name()).with("Vary", ACCEPT_ENCODING), body);
	}

}
