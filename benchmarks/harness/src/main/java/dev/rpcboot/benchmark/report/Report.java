package dev.rpcboot.benchmark.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.rpcboot.benchmark.load.Figures;
import dev.rpcboot.benchmark.load.Mode;
import dev.rpcboot.benchmark.load.Point;
import dev.rpcboot.benchmark.load.Workload;
import dev.rpcboot.benchmark.plan.Plan;
import dev.rpcboot.benchmark.plan.Results;
import dev.rpcboot.benchmark.plan.Row;

/**
 * What was measured, as Markdown and plots: ratios first.
 */
public final class Report {

	private final Results results;

	private final Plan plan;

	private final String versions;

	private final List<Point> headlines;

	/**
	 * Prepares a report.
	 * @param plan how it was measured
	 * @param modules where the modules of these benchmarks are
	 */
	public Report(Results results, Plan plan, Path modules) throws IOException {
		this.results = results;
		this.plan = plan;
		this.versions = Versions.of(modules);
		this.headlines = results.points().stream().filter(Plan.HEADLINES::contains).toList();
	}

	/** The tables. */
	public String markdown() {
		StringBuilder text = new StringBuilder();
		for (Mode mode : Mode.values()) {
			ratios(mode, text);
		}
		this.headlines.forEach((point) -> figures(point, text));
		text.append(String.format(Locale.ROOT,
				"Medians of %d rounds in new processes, the rows by turns; in each %s s of warm-up, then %s s at each "
						+ "point. Ratios are those of medians; where ours is behind they are bold. %s; %s.%n",
				this.plan.rounds(), this.plan.warmUp().toSeconds(), this.plan.measure().toMillis() / 1e3,
				Machine.description(), this.versions));
		return text.toString();
	}

	private void ratios(Mode mode, StringBuilder text) {
		List<Point> points = this.results.points().stream().filter((point) -> point.mode() == mode).toList();
		List<Row> rows = this.results.rows(mode);
		if (points.isEmpty() || rows.size() < 2) {
			return;
		}
		text.append("| Ours by theirs, ").append(title(mode)).append(" |");
		rows.stream().skip(1).forEach((row) -> text.append(' ').append(row.title()).append(" |"));
		text.append("\n|---|").append("--:|".repeat(rows.size() - 1)).append('\n');
		for (Point point : points) {
			Figures ours = this.results.median(rows.get(0), point);
			if (ours != null) {
				measures(point).forEach((measure) -> ratios(point, measure, ours, rows, text));
			}
		}
		text.append('\n');
	}

	private void ratios(Point point, Measure measure, Figures ours, List<Row> rows, StringBuilder text) {
		text.append(String.format("| `%s`, %d, %s |", point.workload(), point.callers(), measure.title()));
		for (Row row : rows.subList(1, rows.size())) {
			Figures theirs = this.results.median(row, point);
			double ratio = (theirs != null) ? measure.ratio(ours, theirs) : Double.NaN;
			text.append(String.format(Locale.ROOT, measure.isBehind(ratio) ? " **%.2f** |" : " %.2f |", ratio));
		}
		text.append('\n');
	}

	private static List<Measure> measures(Point point) {
		List<Measure> measures = new ArrayList<>(List.of(Measure.CALLS));
		if (point.callers() == 1) {
			measures.add(Measure.P50);
		}
		if (point.workload().isMixed()) {
			measures.add(Measure.P99);
		}
		if (point.workload() == Workload.GREET && point.callers() == 64) {
			measures.add(Measure.CPU);
		}
		return measures;
	}

	private void figures(Point point, StringBuilder text) {
		text.append("| ").append(title(point)).append(" | Calls/s | p50 µs | p99 µs | p99.9 µs ");
		text.append("| CPU ms per 1,000 calls: client | server | Bytes per call: client | server |\n");
		text.append("|---|").append("--:|".repeat(8)).append('\n');
		for (Row row : this.results.rows(point.mode())) {
			Figures all = this.results.median(row, point);
			if (all != null) {
				text.append(String.format(Locale.ROOT,
						"| %s | %,.0f | %,.0f | %,.0f | %,.0f | %.1f | %.1f | %,.0f | %,.0f |%n", row.title(),
						all.callsPerSecond(), all.p50(), all.p99(), all.p999(), all.clientCpu(), all.serverCpu(),
						all.clientBytes(), all.serverBytes()));
			}
		}
		text.append('\n');
	}

	/** The plots, by the names of their files. */
	public Map<String, String> plots() {
		Map<String, String> plots = new LinkedHashMap<>();
		for (Point point : this.headlines) {
			Measure measure = (point.callers() == 1) ? Measure.P50 : Measure.CALLS;
			plots.put(file(point, measure), plot(point, measure, ""));
		}
		this.headlines.stream()
			.filter((point) -> measures(point).contains(Measure.CPU))
			.limit(1)
			.forEach((point) -> plots.put(file(point, Measure.CPU),
					plot(point, Measure.CPU, ", both sides, µs per call")));
		return plots;
	}

	private String plot(Point point, Measure measure, String unit) {
		Map<String, Double> bars = new LinkedHashMap<>();
		for (Row row : this.results.rows(point.mode())) {
			Figures figures = this.results.median(row, point);
			if (figures != null) {
				bars.put(row.title().replace("*", ""), measure.of(figures));
			}
		}
		return BarChart.svg(title(point).replace("`", "") + ": " + measure.title() + unit, bars);
	}

	private static String file(Point point, Measure measure) {
		return "performance-" + point.workload() + "-" + point.callers() + "-" + point.mode() + "-"
				+ measure.name().toLowerCase(Locale.ROOT) + ".svg";
	}

	private static String title(Point point) {
		String callers = switch (point.mode()) {
			case PLATFORM, VIRTUAL -> (point.callers() == 1) ? "caller" : "callers";
			case ASYNC -> "under way";
		};
		return "`" + point.workload() + "`, " + point.callers() + " " + callers + ", " + title(point.mode());
	}

	private static String title(Mode mode) {
		return switch (mode) {
			case PLATFORM -> "blocking platform threads";
			case VIRTUAL -> "blocking virtual threads";
			case ASYNC -> "asynchronous";
		};
	}

}
