package dev.rpcboot.faults.promises;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

import dev.rpcboot.faults.process.WebStack;

/**
 * What was measured of a promise; said on the standard output and in a table beside the
 * results of the build.
 */
final class Figure {

	private static final Path TABLE = Path.of(System.getProperty("faults.directory", "target/faults"), "promises.md");

	private Figure() {
	}

	/** Whether times are judged too, and each promise without its mechanism. */
	static boolean isFull() {
		return System.getProperty("faults", "short").equals("full");
	}

	/**
	 * As many calls as the promise says, or fewer in the short form.
	 */
	static int calls(int full, int shortened) {
		return isFull() ? full : shortened;
	}

	/** Both web stacks, or one of them in the short form. */
	static Stream<WebStack> stacks() {
		return some(1, WebStack.TOMCAT, WebStack.NETTY);
	}

	/**
	 * All of these, or only so many of them in the short form.
	 */
	@SafeVarargs
	static <T> Stream<T> some(int shortened, T... all) {
		return Arrays.stream(all).limit(isFull() ? all.length : shortened);
	}

	/**
	 * Says what was measured.
	 * @param limit what was promised
	 */
	static void of(int promise, String what, Object figure, String limit) throws IOException {
		String text = (figure instanceof Double number) ? String.format(Locale.ROOT, "%.3f", number)
				: figure.toString();
		System.out.println("promise " + promise + ": " + what + ": " + text + " (limit " + limit + ")");
		Files.createDirectories(TABLE.getParent());
		Files.writeString(TABLE, "| " + promise + " | " + what + " | " + text + " | " + limit + " |\n",
				StandardOpenOption.CREATE, StandardOpenOption.APPEND);
	}

}
