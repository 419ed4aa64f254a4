package dev.rpcboot.benchmark.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.stream.Collectors;

/**
 * Where it was measured.
 */
final class Machine {

	private Machine() {
	}

	static String description() {
		return LocalDate.now() + ", " + processor() + ", " + Runtime.getRuntime().availableProcessors()
				+ " cores for both sides, " + System.getProperty("os.name") + " " + System.getProperty("os.version")
				+ ", Java " + Runtime.version();
	}

	private static String processor() {
		Path cpuInfo = Path.of("/proc/cpuinfo");
		if (!Files.exists(cpuInfo)) {
			return System.getProperty("os.arch");
		}
		try {
			return Files.readAllLines(cpuInfo)
				.stream()
				.filter((line) -> line.startsWith("model name"))
				.map((line) -> line.substring(line.indexOf(':') + 1).trim())
				.distinct()
				.collect(Collectors.joining(", "));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
