package dev.rpcboot.benchmark.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.rpcboot.benchmark.load.Figures;
import dev.rpcboot.benchmark.load.Mode;
import dev.rpcboot.benchmark.load.Point;
import org.jspecify.annotations.Nullable;

/**
 * The figures of all rounds.
 */
public final class Results {

	private final List<Row> rows;

	private final List<Point> points;

	private final Map<Row, Map<Point, List<Figures>>> rounds = new LinkedHashMap<>();

	/** None yet, of those rows and points. */
	public Results(List<Row> rows, List<Point> points) {
		this.rows = List.copyOf(rows);
		this.points = List.copyOf(points);
	}

	/** Takes in those of one round. */
	public void add(Row row, Point point, Figures figures) {
		this.rounds.computeIfAbsent(row, (key) -> new LinkedHashMap<>())
			.computeIfAbsent(point, (key) -> new ArrayList<>())
			.add(figures);
	}

	/** The points that were measured. */
	public List<Point> points() {
		return this.points;
	}

	/** The rows that can be called so. */
	public List<Row> rows(Mode mode) {
		return this.rows.stream().filter((row) -> row.modes().contains(mode)).toList();
	}

	/** The medians of a row at a point, or {@code null} if it was not measured there. */
	public @Nullable Figures median(Row row, Point point) {
		List<Figures> all = this.rounds.getOrDefault(row, Map.of()).get(point);
		return (all != null) ? Figures.median(all) : null;
	}

	/** Every figure of every round. */
	public String csv() {
		StringBuilder csv = new StringBuilder("row,point,round,calls per second,p50 µs,p99 µs,p99.9 µs,"
				+ "client CPU µs,server CPU µs,client bytes,server bytes\n");
		this.rounds.forEach((row, points) -> points.forEach((point, all) -> {
			for (int round = 0; round < all.size(); round++) {
				csv.append(row.name()).append(',').append(point).append(',').append(round + 1);
				for (String figure : all.get(round).toString().split(" ")) {
					csv.append(',').append(String.format(Locale.ROOT, "%.1f", Double.parseDouble(figure)));
				}
				csv.append('\n');
			}
		}));
		return csv.toString();
	}

}
