package dev.rpcboot.jsonrpc;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Joins encoded requests to a batch, and takes its answer apart. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class BatchCodec {

	private final JsonRpcWriter writer;

	private final AnswerReader answers;

	public BatchCodec(JsonRpcMapper mapper) {
		this.writer = new JsonRpcWriter(mapper);
		this.answers = new AnswerReader(mapper);
	}

	/**
	 * Encodes a batch of encoded requests, in order.
	 */
	public byte[] encode(List<byte[]> requests) {
		return this.writer.batch(requests);
	}

	/**
	 * Whether an answer is one to the entries, not one that refuses them as a whole.
	 */
	public boolean answersEntries(byte[] body) {
		int first = 0;
		while (first < body.length && " \t\r\n".indexOf(body[first]) >= 0) {
			first++;
		}
		return first < body.length && body[first] == '[';
	}

	/**
	 * Reads the answers to the entries, without decoding their results.
	 * @param firstId the id of the first request; those of the others follow
	 * @param count how many requests are answered, notifications not counted
	 * @return the answer to each request, in the order of the requests; {@code null}
	 * where there is none
	 * @throws MalformedAnswerException if it is no strict JSON, or if it cannot be told
	 * which answer is whose
	 */
	public List<@Nullable JsonRpcAnswer> readAnswers(byte[] body, long firstId, int count)
			throws MalformedAnswerException {
		return this.answers.readBatch(body, firstId, count);
	}

}
