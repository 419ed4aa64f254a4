package dev.rpcboot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the Java snippets of the documentation to code that is compiled: their lines
 * stand one after the other in a source file, but for the indentation.
 */
class DocumentationTest {

	private static final Path ROOT = Path.of("..");

	@Test
	void everyJavaSnippetStandsInTheSources() throws IOException {
		List<String> sources = new ArrayList<>();
		for (Path source : files(ROOT, ".java")) {
			sources.add(normalized(Files.readAllLines(source)));
		}

		List<String> unknown = snippets().stream()
			.filter((snippet) -> sources.stream().noneMatch((source) -> source.contains(snippet)))
			.toList();

		assertThat(unknown).isEmpty();
	}

	@Test
	void documentationHasSnippets() throws IOException {
		assertThat(snippets()).hasSizeGreaterThan(3);
	}

	private static List<String> snippets() throws IOException {
		List<String> snippets = new ArrayList<>();
		List<Path> pages = new ArrayList<>(files(ROOT.resolve("docs"), ".md"));
		pages.add(ROOT.resolve("README.md"));
		for (Path page : pages) {
			List<String> snippet = null;
			for (String line : Files.readAllLines(page)) {
				if (line.equals("```java")) {
					snippet = new ArrayList<>();
				}
				else if (line.equals("```") && snippet != null) {
					snippets.add(normalized(snippet));
					snippet = null;
				}
				else if (snippet != null) {
					snippet.add(line);
				}
			}
		}
		return snippets;
	}

	private static String normalized(List<String> lines) {
		return lines.stream().map(String::strip).collect(Collectors.joining("\n", "\n", "\n"));
	}

	private static List<Path> files(Path directory, String extension) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			return files.filter((file) -> file.toString().endsWith(extension))
				.filter((file) -> !file.toString().contains("target"))
				.toList();
		}
	}

}
