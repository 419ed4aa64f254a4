package dev.rpcboot.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcException;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.client.RpcBatch.Entry;
import dev.rpcboot.client.RpcBatch.EntryOutcome;
import dev.rpcboot.jsonrpc.BatchCodec;
import dev.rpcboot.jsonrpc.ClientCodec;
import dev.rpcboot.jsonrpc.JsonRpcAnswer;
import dev.rpcboot.jsonrpc.JsonRpcMapper;
import dev.rpcboot.jsonrpc.MalformedAnswerException;
import org.jspecify.annotations.Nullable;

/**
 * Several calls in one request. Its arguments are the entries, of which those that nobody
 * waits for have no id; its result is what became of each.
 */
final class BatchForm implements WireForm {

	private final BatchCodec codec;

	/** Reads an answer that refuses the batch as a whole. */
	private final ClientCodec refusals;

	BatchForm(ContractMethod batch, JsonRpcMapper mapper) {
		this.codec = new BatchCodec(mapper);
		this.refusals = new ClientCodec(mapper, batch);
	}

	@Override
	public boolean mirrorsMethod() {
		return false;
	}

	@Override
	public int ids(@Nullable Object[] arguments) {
		return (int) entries(arguments).stream().filter(Entry::isAnswered).count();
	}

	@Override
	public byte[] encode(long id, @Nullable Object[] arguments) {
		List<byte[]> requests = new ArrayList<>();
		long next = id;
		for (Entry<?> entry : entries(arguments)) {
			requests.add(entry.encode(entry.isAnswered() ? next++ : null));
		}
		return this.codec.encode(requests);
	}

	@Override
	public byte[] encodeArguments(@Nullable Object[] arguments) {
		return this.codec.encode(entries(arguments).stream().map((entry) -> entry.encode(null)).toList());
	}

	@Override
	public RpcResponse read(RpcTransport.Answer answer, RpcRequest request, long id) throws Throwable {
		@Nullable Object[] arguments = request.rawArguments();
		int answered = ids(arguments);
		if (answered == 0 && NotificationForm.isAccepted(answer)) {
			return response(List.of(), answer, request);
		}
		if (answer.status() != 200 || !AnswerReader.isJson(answer) || !this.codec.answersEntries(answer.body())) {
			AnswerReader.read(answer, request, this.refusals, id);
			throw new RpcProtocolException(request + " was answered with a result that is none of its entries'",
					Execution.UNKNOWN, null);
		}
		try {
			return response(this.codec.readAnswers(answer.body(), id, answered), answer, request);
		}
		catch (MalformedAnswerException ex) {
			throw AnswerReader.withoutJsonRpc(answer, request, ex);
		}
	}

	private static RpcResponse response(List<@Nullable JsonRpcAnswer> answers, RpcTransport.Answer answer,
			RpcRequest request) {
		List<EntryOutcome> outcomes = new ArrayList<>();
		Throwable counting = null;
		int next = 0;
		for (Entry<?> entry : entries(request.rawArguments())) {
			EntryOutcome outcome = entry.isAnswered() ? outcome(entry, answers.get(next++), answer, request)
					: EntryOutcome.ACCEPTED;
			counting = (counting == null && counts(outcome.failure())) ? outcome.failure() : counting;
			outcomes.add(request.context().mayHaveRun() ? afterRepetition(entry, outcome) : outcome);
		}
		return RpcResponse.combining(new CombinedResult(outcomes, counting), answer.headers());
	}

	private static EntryOutcome outcome(Entry<?> entry, @Nullable JsonRpcAnswer answered, RpcTransport.Answer answer,
			RpcRequest batch) {
		RpcRequest request = entry.request(batch);
		if (answered == null) {
			return EntryOutcome.failed(new RpcProtocolException(
					request + " was not answered, as other entries of its batch were", Execution.UNKNOWN, null));
		}
		if (answered instanceof JsonRpcAnswer.Failure failure) {
			return EntryOutcome.failed(AnswerReader.failure(failure.error(), answer, request, entry.method().codec()));
		}
		if (answered instanceof JsonRpcAnswer.Malformed malformed) {
			return EntryOutcome.failed(
					new RpcProtocolException(request + " was answered in its batch with what is no JSON-RPC response: "
							+ malformed.failure().getMessage(), Execution.UNKNOWN, malformed.failure()));
		}
		try {
			return new EntryOutcome(
					request.decode(new RpcResponse(((JsonRpcAnswer.Success) answered).result(), answer.headers())),
					null);
		}
		catch (RpcProtocolException ex) {
			return EntryOutcome.failed(ex);
		}
	}

	/**
	 * What the attempt before may have done is not undone by a refusal now.
	 */
	private static EntryOutcome afterRepetition(Entry<?> entry, EntryOutcome outcome) {
		return (outcome.failure() instanceof RpcException ex && ex.execution() == Execution.NOT_EXECUTED) ? EntryOutcome
			.failed(new RpcConnectionException(
					entry + " may have run when its batch was sent before, and did not now: " + ex.getMessage(), ex))
				: outcome;
	}

	/**
	 * Whether the target is judged by the failure of one entry as if all had failed so.
	 */
	private static boolean counts(@Nullable Throwable failure) {
		return failure instanceof RpcDeadlineExceededException
				|| (failure instanceof RpcProtocolException malformed && malformed.execution() == Execution.UNKNOWN)
				|| (failure != null && Failures.isRemote(failure, RpcStatus.INTERNAL));
	}

	@Override
	public @Nullable Object decode(RpcResponse response) {
		CombinedResult combined = response.combined();
		if (combined == null || !combined.outcomes().stream().allMatch(EntryOutcome.class::isInstance)) {
			throw new IllegalStateException(
					"An interceptor answered a batch in its target's place, but not its entries");
		}
		return combined.outcomes();
	}

	private static List<Entry<?>> entries(@Nullable Object[] arguments) {
		List<Entry<?>> entries = new ArrayList<>(arguments.length);
		for (Object argument : arguments) {
			entries.add((Entry<?>) Objects.requireNonNull(argument));
		}
		return entries;
	}

}
