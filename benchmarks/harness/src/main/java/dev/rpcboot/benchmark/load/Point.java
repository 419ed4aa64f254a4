package dev.rpcboot.benchmark.load;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is measured at a time, written as {@code greet@64:platform}.
 *
 * @param workload which calls
 * @param callers how many callers, or calls under way
 * @param mode how they call
 */
public record Point(Workload workload, int callers, Mode mode) {

	private static final Pattern TEXT = Pattern.compile("([a-z-]+)@([0-9]+):([a-z]+)");

	/** Reads what {@link #toString} wrote. */
	public static Point of(String text) {
		Matcher matcher = TEXT.matcher(text);
		if (!matcher.matches()) {
			throw new IllegalArgumentException("'" + text + "' is not of the form greet@64:platform");
		}
		return new Point(Workload.of(matcher.group(1)), Integer.parseInt(matcher.group(2)),
				Mode.valueOf(matcher.group(3).toUpperCase(Locale.ROOT)));
	}

	@Override
	public String toString() {
		return this.workload + "@" + this.callers + ":" + this.mode;
	}

}
