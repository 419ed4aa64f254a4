package dev.rpcboot.benchmark.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which versions were measured, read off the class paths.
 */
final class Versions {

	private static final List<Library> LIBRARIES = List.of(new Library("Spring Boot", "ours-tomcat", "spring-boot"),
			new Library("Tomcat", "ours-tomcat", "tomcat-embed-core"),
			new Library("Jackson", "ours-tomcat", "jackson-databind"),
			new Library("HttpComponents", "ours-tomcat", "httpclient5"),
			new Library("Reactor Netty", "ours-webflux", "reactor-netty-http"),
			new Library("gRPC", "grpc", "grpc-core"), new Library("protobuf", "grpc", "protobuf-java"),
			new Library("Dubbo", "dubbo", "dubbo"), new Library("OpenFeign", "spring", "feign-core"),
			new Library("jsonrpc4j", "jsonrpc4j", "jsonrpc4j"), new Library("Netty", "netty", "netty-transport"));

	private Versions() {
	}

	static String of(Path modules) throws IOException {
		List<String> versions = new ArrayList<>();
		for (Library library : LIBRARIES) {
			String classPath = Files.readString(modules.resolve(library.module()).resolve("target/classpath"));
			Matcher jar = Pattern.compile("/" + library.artifact() + "-([0-9][^/]*)\\.jar").matcher(classPath);
			versions.add(library.name() + " " + (jar.find() ? jar.group(1) : "?"));
		}
		return String.join(", ", versions);
	}

	private record Library(String name, String module, String artifact) {
	}

}
