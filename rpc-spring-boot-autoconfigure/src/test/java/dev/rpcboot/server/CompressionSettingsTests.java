package dev.rpcboot.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import com.github.luben.zstd.Zstd;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static dev.rpcboot.server.CompressionTests.encode;
import static dev.rpcboot.server.CompressionTests.greet;
import static dev.rpcboot.server.CompressionTests.gunzip;
import static dev.rpcboot.server.CompressionTests.large;
import static dev.rpcboot.server.CompressionTests.request;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compression switched off, and beside that of the container.
 */
@Timeout(60)
class CompressionSettingsTests {

	@ParameterizedTest
	@EnumSource(Stack.class)
	void readsAndWritesNothingCompressedWhereThatIsOff(Stack stack) throws IOException {
		try (RunningServer off = RunningServer.open(stack, OrdersApplication.class,
				"rpc.server.compression.enabled=false")) {
			RawHttp.Answer refused = off.send(request("gzip", encode("gzip", greet("Ada"))));
			RawHttp.Answer plain = off.call("Orders", large(20_000), "Accept-Encoding", "gzip");

			assertThat(refused.status()).isEqualTo(415);
			assertThat(refused.header("Accept-Encoding")).isEqualTo("identity");
			assertThat(plain.header("Content-Encoding")).isNull();
			assertThat(plain.header("Accept-Encoding")).isNull();
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void compressesOnceBesideTheContainersOwnCompression(Stack stack) throws IOException {
		try (RunningServer both = RunningServer.open(stack, OrdersApplication.class,
				"server.compression.enabled=true")) {
			RawHttp.Answer gzip = both.call("Orders", large(20_000), "Accept-Encoding", "gzip");
			RawHttp.Answer zstd = both.call("Orders", large(20_000), "Accept-Encoding", "zstd, gzip");
			RawHttp.Answer containers = both.call("Orders", large(5_000), "Accept-Encoding", "gzip");

			assertThat(gzip.header("Content-Encoding")).isEqualTo("gzip");
			assertThat(gunzip(gzip.body())).contains("x".repeat(20_000));
			assertThat(zstd.header("Content-Encoding")).isEqualTo("zstd");
			assertThat(new String(Zstd.decompress(zstd.body(), 100_000), StandardCharsets.UTF_8))
				.contains("x".repeat(20_000));
			assertThat(containers.header("Content-Encoding")).isEqualTo("gzip");
			assertThat(gunzip(containers.body())).contains("x".repeat(5_000));
		}
	}

}
