package dev.rpcboot.calls;

import java.lang.management.ManagementFactory;

import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Counts the objects of a class that are still reachable, after a garbage collection.
 */
final class LiveObjects {

	private LiveObjects() {
	}

	static long count(String className) {
		String histogram;
		try {
			histogram = (String) ManagementFactory.getPlatformMBeanServer()
				.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
						new Object[] { new String[0] }, new String[] { String[].class.getName() });
		}
		catch (JMException ex) {
			throw new IllegalStateException(ex);
		}
		return histogram.lines()
			.map((line) -> line.trim().split("\\s+"))
			.filter((columns) -> columns.length >= 4 && columns[3].equals(className))
			.mapToLong((columns) -> Long.parseLong(columns[1]))
			.sum();
	}

}
