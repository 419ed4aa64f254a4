package dev.rpcboot.benchmark.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import dev.rpcboot.benchmark.load.Mode;
import dev.rpcboot.benchmark.load.Point;
import dev.rpcboot.benchmark.load.Workload;

/**
 * What is measured, and for how long.
 *
 * @param rounds how often each row is measured, in processes of its own
 * @param warmUp for how long a client calls before anything counts, over all points
 * @param settle for how long it calls at each point before that counts
 * @param measure for how long it is measured at each point
 * @param points the points
 */
public record Plan(int rounds, Duration warmUp, Duration settle, Duration measure, List<Point> points) {

	/** What the page says most about. */
	public static final List<Point> HEADLINES = Stream
		.of("greet@1:platform", "greet@64:platform", "greet@256:platform", "greet@64:async", "save@64:platform",
				"list@16:platform", "mix@64:platform")
		.map(Point::of)
		.toList();

	/** Each workload in each way. */
	public static Plan full() {
		return new Plan(3, Duration.ofSeconds(30), Duration.ofMillis(500), Duration.ofSeconds(4),
				available(Workload.values(), 1, 16, 64, 256));
	}

	/** What fits in a quarter of an hour, for a few rows. */
	public static Plan brief() {
		return new Plan(2, Duration.ofSeconds(28), Duration.ofMillis(500), Duration.ofMillis(1500), HEADLINES);
	}

	/** Whether all answer rightly; the figures are of no use. */
	public static Plan check() {
		return new Plan(1, Duration.ZERO, Duration.ofMillis(500), Duration.ofMillis(200),
				available(Workload.values(), 4));
	}

	private static List<Point> available(Workload[] workloads, int... callers) {
		List<Point> points = new ArrayList<>();
		for (Workload workload : workloads) {
			for (int number : callers) {
				Arrays.stream(Mode.values())
					.filter(Mode::isAvailable)
					.forEach((mode) -> points.add(new Point(workload, number, mode)));
			}
		}
		return List.copyOf(points);
	}

}
