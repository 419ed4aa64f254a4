package dev.rpcboot.benchmark.layers;

import java.util.concurrent.TimeUnit;

import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What Micrometer takes for an observation that nobody else has a hand in, with the
 * handler that Spring Boot registers for meters: the least that a call can cost while it
 * is observed.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
public class ObservationBenchmark {

	private static final KeyValues LOW = KeyValues.of("rpc.system", "jsonrpc", "rpc.method", "Greeter/unmarked",
			"server.address", "plain", "error.type", "none");

	private static final KeyValues HIGH = KeyValues.of("rpc.attempts", "1", "rpc.instance", "127.0.0.1:1");

	private final ObservationRegistry registry = ObservationRegistry.create();

	public ObservationBenchmark() {
		this.registry.observationConfig()
			.observationHandler(new DefaultMeterObservationHandler(new SimpleMeterRegistry()));
	}

	@Benchmark
	public Observation alone() {
		Observation observation = Observation.start("rpc.client.call.duration", this.registry);
		observation.lowCardinalityKeyValues(LOW).highCardinalityKeyValues(HIGH).stop();
		return observation;
	}

}
