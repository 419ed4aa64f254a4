package dev.rpcboot.benchmark.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import dev.rpcboot.benchmark.plan.Row;

/**
 * How long an empty application takes to start, from the start of its virtual machine:
 * with the starter, and with Spring Cloud LoadBalancer alone, by turns.
 */
public final class Startup {

	private static final int STARTS = 15;

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private Startup() {
	}

	/**
	 * Prints the medians.
	 */
	public static void main(String[] args) throws IOException, InterruptedException {
		Path logs = Files.createDirectories(Path.of("target", "benchmark"));
		List<Long> with = new ArrayList<>();
		List<Long> without = new ArrayList<>();
		// the first of each reads its jars from the disk
		start("startup-rpc", logs);
		start("startup-loadbalancer", logs);
		for (int i = 0; i < STARTS; i++) {
			with.add(start("startup-rpc", logs));
			without.add(start("startup-loadbalancer", logs));
		}
		System.out.printf("| Empty application, median of %d starts | ms |%n|---|--:|%n", STARTS);
		System.out.printf("| with the starter | %d |%n", median(with));
		System.out.printf("| with Spring Cloud LoadBalancer alone | %d |%n", median(without));
		System.out.printf("| more | %d |%n", median(with) - median(without));
	}

	private static long start(String module, Path logs) throws IOException, InterruptedException {
		Row.Side side = new Row.Side(module, "EmptyApplication", List.of("server.port=0", "server.address=127.0.0.1"));
		long begin = System.nanoTime();
		try (JavaProcess process = JavaProcess.start(Path.of("benchmarks"), side, logs.resolve(module + ".log"),
				side.className())) {
			process.next(PATIENCE);
			return (System.nanoTime() - begin) / 1_000_000;
		}
	}

	private static long median(List<Long> times) {
		Collections.sort(times);
		return times.get(times.size() / 2);
	}

}
