package dev.rpcboot.benchmark.compression;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

import dev.rpcboot.compression.ContentCoding;
import dev.rpcboot.compression.ContentCodings;

/**
 * Measures on one core what it costs to encode and decode a JSON list, and prints the
 * bandwidth below which that pays: bits saved by the time that both take. Above it the
 * message is there sooner as it is.
 */
public final class CompressionBenchmark {

	private static final List<String> CODINGS = List.of("gzip", "zstd");

	private static final int[] SIZES = { 1, 4, 8, 16, 100 };

	private static final long WARM_UP = 2_000_000_000L;

	private static final long ROUND = 2_000_000L;

	private static final int ROUNDS = 301;

	private static final List<String> WORDS = List.of("hexagon", "bolt", "washer", "spring", "lock", "nut", "steel",
			"brass", "zinc", "plate", "screw", "anchor", "threaded", "rod", "flange", "grey");

	private CompressionBenchmark() {
	}

	/**
	 * Prints the table in Markdown.
	 */
	public static void main(String[] arguments) throws Exception {
		StringBuilder table = new StringBuilder("| JSON list |");
		CODINGS.forEach((name) -> table.append(' ').append(name).append(": size | encode | decode | pays below |"));
		table.append("\n|---|").append("---|".repeat(4 * CODINGS.size())).append('\n');
		for (int kilobytes : SIZES) {
			byte[] plain = list(kilobytes * 1024);
			table.append("| ").append(kilobytes).append(" KB |");
			for (String name : CODINGS) {
				table.append(row(plain, coding(name)));
			}
			table.append('\n');
		}
		System.out.print(table);
	}

	private static ContentCoding coding(String name) {
		ContentCoding coding = ContentCodings.available().of(List.of(name));
		if (coding == null) {
			throw new IllegalStateException(name + " is not there");
		}
		return coding;
	}

	private static String row(byte[] plain, ContentCoding coding) throws Exception {
		byte[] coded = coding.encode(plain);
		double encode = micros(() -> coding.encode(plain));
		double decode = micros(() -> coding.decode(coded, plain.length));
		double saved = 8.0 * (plain.length - coded.length);
		// bits by microseconds are megabits by seconds
		return String.format(Locale.ROOT, " %.2f KB | %.1f µs | %.1f µs | %,.0f Mbit/s |", coded.length / 1024.0,
				encode, decode, saved / (encode + decode));
	}

	/**
	 * The median of many short rounds: on a busy machine some are always disturbed.
	 */
	private static double micros(Work work) throws Exception {
		long end = System.nanoTime() + WARM_UP;
		long count = 0;
		while (System.nanoTime() < end) {
			work.run();
			count++;
		}
		long iterations = Math.max(1, count * ROUND / WARM_UP);
		double[] rounds = new double[ROUNDS];
		for (int i = 0; i < ROUNDS; i++) {
			long start = System.nanoTime();
			for (long j = 0; j < iterations; j++) {
				work.run();
			}
			rounds[i] = (System.nanoTime() - start) / 1000.0 / iterations;
		}
		Arrays.sort(rounds);
		return rounds[ROUNDS / 2];
	}

	/**
	 * A list of articles that look alike and differ, of about the given size.
	 */
	private static byte[] list(int size) {
		Random random = new Random(42);
		StringBuilder json = new StringBuilder("{\"jsonrpc\":\"2.0\",\"id\":4711,\"result\":[");
		while (json.length() < size - 130) {
			json.append((json.charAt(json.length() - 1) == '}') ? "," : "")
				.append(String.format(Locale.ROOT,
						"{\"sku\":\"%c-%05d\",\"name\":\"%s %s M%d\",\"left\":%d,\"price\":%d.%02d,"
								+ "\"changed\":\"2026-%02d-%02dT%02d:%02d:%02dZ\",\"warehouse\":\"%s\"}",
						'A' + random.nextInt(26), random.nextInt(100_000), word(random), word(random),
						random.nextInt(20), random.nextInt(1000), random.nextInt(500), random.nextInt(100),
						1 + random.nextInt(12), 1 + random.nextInt(28), random.nextInt(24), random.nextInt(60),
						random.nextInt(60), (random.nextInt(3) == 0) ? "London" : "Berlin"));
		}
		return json.append("]}").toString().getBytes(StandardCharsets.UTF_8);
	}

	private static String word(Random random) {
		return WORDS.get(random.nextInt(WORDS.size()));
	}

	/**
	 * What is measured.
	 */
	@FunctionalInterface
	private interface Work {

		Object run() throws Exception;

	}

}
