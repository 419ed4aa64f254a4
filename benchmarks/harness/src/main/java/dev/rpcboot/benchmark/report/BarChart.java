package dev.rpcboot.benchmark.report;

import java.util.Locale;
import java.util.Map;

/**
 * Horizontal bars as SVG, the first of them in another colour. The ground is transparent,
 * and the colours follow the reader's scheme.
 */
final class BarChart {

	private static final int WIDTH = 760;

	private static final int LABELS = 250;

	private static final int VALUES = 80;

	private static final int TOP = 44;

	private static final int LINE = 26;

	private static final String STYLE = """
			<style>
			text { font: 13px sans-serif; fill: #24292f; }
			.title { font-weight: bold; }
			.value { text-anchor: start; }
			.label { text-anchor: end; }
			.ours { fill: #0969da; }
			.other { fill: #afb8c1; }
			@media (prefers-color-scheme: dark) {
			text { fill: #d1d7e0; }
			.ours { fill: #4493f8; }
			.other { fill: #59636e; }
			}
			</style>
			""";

	private BarChart() {
	}

	static String svg(String title, Map<String, Double> bars) {
		int height = TOP + LINE * bars.size() + 8;
		StringBuilder svg = new StringBuilder();
		svg.append(String.format(
				"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
						+ "height=\"%d\" role=\"img\">%n<title>%s</title>%n",
				WIDTH, height, WIDTH, height, escape(title)));
		svg.append(STYLE);
		svg.append(String.format("<text class=\"title\" x=\"8\" y=\"22\">%s</text>%n", escape(title)));
		double most = bars.values().stream().mapToDouble(Double::doubleValue).max().orElse(1);
		int top = TOP;
		for (Map.Entry<String, Double> bar : bars.entrySet()) {
			double width = (WIDTH - LABELS - VALUES) * bar.getValue() / most;
			int base = top + 15;
			svg.append(String.format("<text class=\"label\" x=\"%d\" y=\"%d\">%s</text>%n", LABELS - 8, base,
					escape(bar.getKey())));
			svg.append(
					String.format(Locale.ROOT, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>%n",
							(top == TOP) ? "ours" : "other", LABELS, top, width, LINE - 6));
			svg.append(String.format(Locale.ROOT, "<text class=\"value\" x=\"%.1f\" y=\"%d\">%,.0f</text>%n",
					LABELS + width + 6, base, bar.getValue()));
			top += LINE;
		}
		return svg.append("</svg>\n").toString();
	}

	private static String escape(String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;");
	}

}
