package dev.rpcboot.benchmark.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import org.springframework.boot.SpringBootVersion;
import org.springframework.core.SpringVersion;

/**
 * The table, as Markdown.
 */
final class Report {

	private Report() {
	}

	static String of(List<Point> points, BenchmarkProperties properties) throws IOException {
		StringBuilder table = new StringBuilder();
		table.append("| Workload | Callers | Ratio | Calls/s: ours | Spring's | p50 µs: ours | Spring's "
				+ "| p99 µs: ours | Spring's |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
		for (Point point : points) {
			table.append(String.format(Locale.ROOT,
					"| `%s` | %d | **%.2f** | %,.0f | %,.0f | %,.0f | %,.0f | %,.0f | %,.0f |%n", point.workload(),
					point.callers(), point.ratio(), point.rpc().callsPerSecond(), point.http().callsPerSecond(),
					point.rpc().p50(), point.http().p50(), point.rpc().p99(), point.http().p99()));
		}
		table.append(String.format(Locale.ROOT,
				"%nMedians of %d measurements of %d s at each point, the two clients by turns. %s, %s; Java %s, "
						+ "Spring Boot %s, Spring Framework %s.%n",
				properties.alternations(), properties.measure().toSeconds(), LocalDate.now(), machine(),
				Runtime.version(), SpringBootVersion.getVersion(), SpringVersion.getVersion()));
		return table.toString();
	}

	private static String machine() throws IOException {
		String cores = Runtime.getRuntime().availableProcessors() + " cores";
		Path cpuInfo = Path.of("/proc/cpuinfo");
		if (!Files.exists(cpuInfo)) {
			return System.getProperty("os.arch") + ", " + cores;
		}
		String models = Files.readAllLines(cpuInfo)
			.stream()
			.filter((line) -> line.startsWith("model name"))
			.map((line) -> line.substring(line.indexOf(':') + 1).trim())
			.distinct()
			.collect(Collectors.joining(", "));
		return models + ", " + cores;
	}

}
