package dev.rpcboot.calls;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Counts the library's objects that are still reachable after a garbage collection.
 */
final class LiveObjects {

	/**
	 * Not those of these tests or of the wiring, which come with an application and not
	 * with a call, nor what the compiler makes of a lambda.
	 */
	private static final Pattern COUNT = Pattern
		.compile("\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+(dev\\.rpcboot\\.(?!calls\\.|autoconfigure\\.)[\\w.$]+)(\\s.*)?");

	private LiveObjects() {
	}

	/** By the name of the class. */
	static Map<String, Integer> count() {
		String histogram;
		try {
			histogram = (String) ManagementFactory.getPlatformMBeanServer()
				.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
						new Object[] { new String[0] }, new String[] { String[].class.getName() });
		}
		catch (JMException ex) {
			throw new IllegalStateException(ex);
		}
		Map<String, Integer> counts = new TreeMap<>();
		histogram.lines().map(COUNT::matcher).filter(Matcher::matches).forEach((line) -> {
			String name = line.group(2).replaceAll("\\$\\$Lambda.*", "\\$\\$Lambda");
			counts.merge(name, Integer.parseInt(line.group(1)), Integer::sum);
		});
		return counts;
	}

}
