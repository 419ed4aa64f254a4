package dev.rpcboot.compression;

import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ContentCodingsTests {

	private final ContentCodings codings = ContentCodings.available();

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "none",
			value = { "gzip | gzip", "zstd, gzip | zstd", "gzip, zstd | zstd", "GZIP | gzip", "x-gzip | gzip",
					"gzip;q=1.0, zstd;q=0.5 | gzip", "gzip; q=0.8 , zstd ;Q=0.9 | zstd", "* | zstd",
					"zstd;q=0, * | gzip", "gzip;q=0, zstd;q=0.000 | none", "br, deflate | none", "identity | none",
					"'' | none", "identity, gzip;q=0.5 | none", "identity;q=0.5, gzip;q=0.5 | gzip", "gzip;q=2 | none",
					"gzip;q=x | none", "gzip;level=1 | none", ";;,,q=1 | none", "*;q=0, gzip | gzip", "*;q=0 | none" })
	void choosesWhatTheReaderLikesBest(String accepted, String chosen) {
		ContentCoding coding = this.codings.choose(List.of(accepted)).coding();

		assertThat((coding != null) ? coding.name() : null).isEqualTo(chosen);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "gzip | false", "gzip, identity;q=0 | true", "gzip, *;q=0 | true",
			"gzip, *;q=0, identity;q=0.1 | false", "identity;q=0, br | false" })
	void knowsWhetherAMessageMustBeEncoded(String accepted, boolean required) {
		assertThat(this.codings.choose(List.of(accepted)).required()).isEqualTo(required);
	}

	@Test
	void readsSeveralHeadersAsOneListAndChoosesNothingWithoutOne() {
		assertThat(this.codings.choose(List.of("br", "gzip")).coding()).isInstanceOf(GzipCoding.class);
		assertThat(this.codings.choose(List.of()).coding()).isNull();
	}

	@Test
	void knowsExactlyOneCodingOfAMessage() {
		assertThat(this.codings.of(List.of("gzip"))).isInstanceOf(GzipCoding.class);
		assertThat(this.codings.of(List.of("X-GZIP "))).isInstanceOf(GzipCoding.class);
		assertThat(this.codings.of(List.of("zstd"))).isInstanceOf(ZstdCoding.class);
		assertThat(this.codings.of(List.of("gzip, gzip"))).isNull();
		assertThat(this.codings.of(List.of("gzip", "gzip"))).isNull();
		assertThat(this.codings.of(List.of("br"))).isNull();
		assertThat(this.codings.of(List.of())).isNull();
		assertThat(this.codings.names()).isEqualTo("zstd, gzip");
	}

	@Test
	void knowsGzipAloneWhereTheLibraryOfZstdIsAbsent() throws Exception {
		URL classes = ContentCodings.class.getProtectionDomain().getCodeSource().getLocation();

		try (URLClassLoader alone = new URLClassLoader(new URL[] { classes }, ClassLoader.getPlatformClassLoader())) {
			Class<?> type = alone.loadClass(ContentCodings.class.getName());
			Method names = type.getMethod("names");

			assertThat(type).isNotSameAs(ContentCodings.class);
			assertThat(names.invoke(type.getMethod("available").invoke(null))).isEqualTo("gzip");
		}
	}

}
