package dev.rpcboot.faults.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What a provider writes down when a method is entered. In a file, written through to the
 * operating system at once, so that it outlives the process. Safe for concurrent use.
 */
public final class Ledger {

	private final FileChannel file;

	private Ledger(FileChannel file) {
		this.file = file;
	}

	static Ledger open(Path path) throws IOException {
		return new Ledger(FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
	}

	void entered(String method, String callId) {
		String line = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) + " " + method + " " + callId + "\n";
		try {
			// one write of a file opened to append: lines of several threads do not mix
			this.file.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * All that was written down, of a provider that runs or of one that is gone.
	 */
	public static List<Entry> read(Path path) throws IOException {
		return Files.readAllLines(path).stream().map(Ledger::entry).toList();
	}

	private static Entry entry(String line) {
		String[] parts = line.split(" ", 3);
		return new Entry(Long.parseLong(parts[0]), parts[1], parts[2]);
	}

	/**
	 * One call that entered a method.
	 *
	 * @param enteredMicros when, in microseconds of the wall clock
	 */
	public record Entry(long enteredMicros, String method, String callId) {
	}

}
