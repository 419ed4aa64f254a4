package dev.rpcboot.benchmark.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import dev.rpcboot.benchmark.load.ClientProcess;
import dev.rpcboot.benchmark.load.Figures;
import dev.rpcboot.benchmark.load.Point;
import dev.rpcboot.benchmark.peer.ServerProcess;
import dev.rpcboot.benchmark.plan.Plan;
import dev.rpcboot.benchmark.plan.Results;
import dev.rpcboot.benchmark.plan.Row;
import dev.rpcboot.benchmark.plan.Rows;
import dev.rpcboot.benchmark.report.Page;
import dev.rpcboot.benchmark.report.Report;

/**
 * Measures all rows by turns: one client and one server at a time, in new processes for
 * each round. So what the machine does meanwhile meets all, and so does what a virtual
 * machine happens to compile.
 */
public final class Benchmark {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private final Path modules;

	private final Path logs;

	private final Plan plan;

	private Benchmark(Path modules, Path logs, Plan plan) {
		this.modules = modules;
		this.logs = logs;
		this.plan = plan;
	}

	/**
	 * Measures.
	 * @param args {@code full}, {@code short} or {@code check}, a pattern for the names
	 * of rows, or {@code -} for those of the plan, and the page to write the figures
	 * into, or {@code -} for none
	 */
	public static void main(String[] args) throws IOException, InterruptedException {
		Plan plan = switch (args[0]) {
			case "full" -> Plan.full();
			case "short" -> Plan.brief();
			default -> Plan.check();
		};
		List<Row> rows = rows(args[0], args[1]);
		Path logs = Files.createDirectories(Path.of("target", "benchmark"));
		Path modules = Path.of("benchmarks");
		Results results = new Benchmark(modules, logs, plan).run(rows);
		if (!args[0].equals("check")) {
			Report report = new Report(results, plan, modules);
			System.out.println(report.markdown());
			Page page = args[2].equals("-") ? new Page(logs.resolve("figures.md")) : new Page(Path.of(args[2]));
			page.write(report, results);
		}
	}

	private static List<Row> rows(String plan, String only) {
		if (only.equals("-")) {
			return plan.equals("short") ? Rows.HEADLINES : Rows.ALL;
		}
		Pattern names = Pattern.compile(only);
		List<Row> rows = Rows.ALL.stream().filter((row) -> names.matcher(row.name()).find()).toList();
		if (rows.isEmpty()) {
			System.err.println("benchmark: no row is named like '" + only + "'; there are "
					+ Rows.ALL.stream().map(Row::name).toList());
			System.exit(2);
		}
		return rows;
	}

	private Results run(List<Row> rows) throws IOException, InterruptedException {
		Results results = new Results(rows, this.plan.points());
		List<Row> order = new ArrayList<>(rows);
		for (int round = 1; round <= this.plan.rounds(); round++) {
			for (Row row : order) {
				System.out.printf("Round %d of %d: %s%n", round, this.plan.rounds(), row.name());
				run(row, results);
				// each time: what was measured is kept if a later one fails
				Files.writeString(this.logs.resolve("figures.csv"), results.csv());
			}
			// who is early changes too
			Collections.reverse(order);
		}
		return results;
	}

	private void run(Row row, Results results) throws IOException, InterruptedException {
		List<Point> points = this.plan.points().stream().filter((point) -> row.modes().contains(point.mode())).toList();
		if (points.isEmpty()) {
			return;
		}
		try (JavaProcess server = JavaProcess.start(this.modules, row.server(),
				this.logs.resolve(row.name() + "-server.log"), ServerProcess.class.getName(),
				row.server().className())) {
			String ports = server.next(PATIENCE);
			if (ports == null) {
				throw new IllegalStateException("The server of " + row.name() + " has ended");
			}
			try (JavaProcess client = JavaProcess.start(this.modules, row.client(),
					this.logs.resolve(row.name() + "-client.log"), arguments(row, ports, points))) {
				String line;
				while ((line = client.next(PATIENCE)) != null) {
					String[] parts = line.split(" ", 2);
					Figures figures = Figures.of(parts[1]);
					results.add(row, Point.of(parts[0]), figures);
					System.out.printf(Locale.ROOT, "  %-28s %,9.0f calls/s  p50 %,8.0f µs%n", parts[0],
							figures.callsPerSecond(), figures.p50());
				}
			}
		}
	}

	private String[] arguments(Row row, String ports, List<Point> points) {
		List<String> arguments = new ArrayList<>(List.of(ClientProcess.class.getName(), row.client().className()));
		arguments.addAll(List.of(ports.split(" ")));
		arguments.addAll(
				List.of(this.plan.warmUp().toString(), this.plan.settle().toString(), this.plan.measure().toString()));
		points.forEach((point) -> arguments.add(point.toString()));
		return arguments.toArray(String[]::new);
	}

}
