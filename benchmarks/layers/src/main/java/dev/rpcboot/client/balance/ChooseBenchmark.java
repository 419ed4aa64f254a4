package dev.rpcboot.client.balance;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.rpcboot.call.NanoClock;
import dev.rpcboot.client.Resilience;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;

/**
 * The choice among ten instances, and what is learned from what became of it. It stands
 * in this package, since nobody else can see the classes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChooseBenchmark {

	private final Wish wish = new Wish(Resilience.DEFAULTS.balancing(), List.of(), "/rpc", false, false, null);

	private final Balancer balancer = new Balancer(NanoClock.SYSTEM,
			(bound) -> ThreadLocalRandom.current().nextInt(bound), () -> null);

	public ChooseBenchmark() {
		this.balancer.update(IntStream.range(0, 10)
			.mapToObj((i) -> (ServiceInstance) new DefaultServiceInstance("i" + i, "orders", "10.0.0." + i, 80, false))
			.toList());
	}

	@Benchmark
	public Object choose() {
		Pick pick = this.balancer.pick(this.wish);
		if (pick == null) {
			throw new IllegalStateException("There are ten");
		}
		pick.begin();
		pick.answered(Outcome.SUCCESS);
		pick.end();
		return pick;
	}

	@Benchmark
	@Threads(2)
	public Object chooseOnTwoThreads() {
		return choose();
	}

}
