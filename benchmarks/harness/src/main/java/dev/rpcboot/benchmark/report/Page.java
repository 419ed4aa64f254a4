package dev.rpcboot.benchmark.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import dev.rpcboot.benchmark.plan.Results;

/**
 * A page that figures are written into, between two comments; plots and the figures of
 * every round become files beside it.
 */
public final class Page {

	private static final String BEGIN = "<!-- figures -->";

	private static final String END = "<!-- /figures -->";

	private final Path file;

	/**
	 * Names a page, which needs not be there.
	 */
	public Page(Path file) {
		this.file = file;
	}

	/** Writes all. */
	public void write(Report report, Results results) throws IOException {
		Path directory = this.file.resolveSibling("");
		StringBuilder text = new StringBuilder(report.markdown());
		text.append("\nEvery round at every point: [performance.csv](performance.csv).\n");
		for (Map.Entry<String, String> plot : report.plots().entrySet()) {
			Files.writeString(directory.resolve(plot.getKey()), plot.getValue());
			String title = plot.getValue().replaceAll("(?s).*<title>(.*)</title>.*", "$1");
			text.append("\n![").append(title).append("](").append(plot.getKey()).append(")\n");
		}
		Files.writeString(directory.resolve("performance.csv"), results.csv());
		String page = Files.exists(this.file) ? Files.readString(this.file) : BEGIN + "\n" + END + "\n";
		Files.writeString(this.file, insert(page, text.toString()));
		System.out.println("Written into " + this.file);
	}

	static String insert(String page, String figures) {
		int begin = page.indexOf(BEGIN);
		int end = page.indexOf(END);
		if (begin < 0 || end < begin) {
			throw new IllegalArgumentException("The page needs a line '" + BEGIN + "' and, after it, '" + END + "'");
		}
		return page.substring(0, begin + BEGIN.length()) + "\n\n" + figures.strip() + "\n\n" + page.substring(end);
	}

}
