package dev.rpcboot.benchmark.layers;

import java.util.concurrent.TimeUnit;

import dev.rpcboot.jsonrpc.AnswerTooLargeException;
import dev.rpcboot.jsonrpc.JsonRpcAnswer;
import dev.rpcboot.jsonrpc.JsonRpcException;
import dev.rpcboot.jsonrpc.JsonRpcLimits;
import dev.rpcboot.jsonrpc.JsonRpcMessage;
import dev.rpcboot.jsonrpc.JsonRpcReader;
import dev.rpcboot.jsonrpc.MalformedAnswerException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Values to whole messages and back, on either side.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {

	/** Each in turn; set by JMH. */
	@Param
	public Message message = Message.GREET;

	private final JsonRpcReader reader = new JsonRpcReader(JsonRpcLimits.DEFAULTS);

	@Benchmark
	public byte[] clientEncodes() {
		return this.message.client.encodeRequest(Message.ID, this.message.arguments);
	}

	@Benchmark
	public @Nullable Object[] serverDecodes() throws JsonRpcException {
		JsonRpcMessage.Single request = (JsonRpcMessage.Single) this.reader.read(this.message.request);
		return this.message.server.decodeArguments(request.call());
	}

	@Benchmark
	public byte[] serverEncodes() throws AnswerTooLargeException {
		return this.message.server.encodeResult(Message.RAW_ID, this.message.result, Message.LIMIT);
	}

	@Benchmark
	public @Nullable Object clientDecodes() throws MalformedAnswerException {
		JsonRpcAnswer.Success answer = (JsonRpcAnswer.Success) this.message.client.readAnswer(this.message.answer,
				Message.ID);
		return this.message.client.decodeResult(answer.result());
	}

}
