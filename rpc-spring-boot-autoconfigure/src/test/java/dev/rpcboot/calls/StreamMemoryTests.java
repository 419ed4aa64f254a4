package dev.rpcboot.calls;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A stream that is larger than the memory of either side, between two processes.
 */
@Tag("processes")
@Timeout(300)
class StreamMemoryTests {

	private static final Logger logger = LoggerFactory.getLogger(StreamMemoryTests.class);

	private static final long MILLION = 1_000_000;

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "servlet", "reactive" })
	void millionItemsPassThroughSixtyFourMegabytes(String stack) throws Exception {
		try (ProviderProcess provider = ProviderProcess.start(this.directory, stack, NumbersProvider.class, "64m")) {
			File log = this.directory.resolve("consumer.log").toFile();
			Process consumer = new ProcessBuilder(
					List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-cp",
							System.getProperty("java.class.path"), NumbersConsumer.class.getName(),
							"--count=" + MILLION, "--rpc.client.targets.numbers.url=" + provider.url()))
				.redirectErrorStream(true)
				.redirectOutput(log)
				.start();
			try {
				assertThat(consumer.waitFor(240, TimeUnit.SECONDS)).as("the consumer has ended").isTrue();
				String output = Files.readString(log.toPath());
				assertThat(output).contains("read " + MILLION + " and " + MILLION + " items");
				logger.info("{}: {}", stack, output.substring(output.lastIndexOf("items\n") + 6).trim());
			}
			finally {
				consumer.destroyForcibly();
			}
		}
	}

}
