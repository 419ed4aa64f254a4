package dev.rpcboot.benchmark.peer;

import java.lang.management.ManagementFactory;
import java.util.Arrays;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;

/**
 * What this process has used since it started.
 *
 * @param cpu CPU time of the whole process in nanoseconds: compilers and collectors too
 * @param allocated bytes that all threads have allocated. From JDK 21 on the virtual
 * machine's own total, which has threads that have ended, and has virtual threads as what
 * their carriers allocated; on older ones, which have none, the sum of the threads alive
 */
public record Usage(long cpu, long allocated) {

	private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory
		.getOperatingSystemMXBean();

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	/** Until now. */
	public static Usage now() {
		return new Usage(SYSTEM.getProcessCpuTime(), allocatedBytes());
	}

	/** What was used since then. */
	public Usage since(Usage then) {
		return new Usage(this.cpu - then.cpu, this.allocated - then.allocated);
	}

	private static long allocatedBytes() {
		try {
			return (long) ThreadMXBean.class.getMethod("getTotalThreadAllocatedBytes").invoke(THREADS);
		}
		catch (ReflectiveOperationException ex) {
			return Arrays.stream(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()))
				.filter((bytes) -> bytes > 0)
				.sum();
		}
	}

}
