package dev.rpcboot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the code to the table of packages in {@code docs/architecture.md}.
 */
class ArchitectureTest {

	private static final String ROOT = "dev.rpcboot";

	private static final List<Path> SOURCES = List.of(Path.of("../rpc-api/src/main/java"), Path.of("src/main/java"));

	private static final int LONGEST_CLASS = 300;

	private static final List<String> EVERYWHERE = List.of("java.", "org.jspecify.");

	private static final List<String> SPRING_CORE = List.of("org.springframework.core.", "org.springframework.util.");

	private static final List<Room> ROOMS = List.of(new Room("", List.of(), List.of()),
			new Room("call", List.of(""), SPRING_CORE),
			new Room("compression", List.of(), List.of("com.github.luben.zstd.")),
			new Room("jsonrpc", List.of("", "call"), List.of("tools.jackson.", "com.fasterxml.jackson.annotation.")),
			new Room("client", List.of("", "call", "jsonrpc", "compression"),
					and(SPRING_CORE, "org.slf4j.", "io.micrometer.context.", "reactor.", "org.reactivestreams.",
							// annotations alone: @RpcReference is an @Autowired
							// @Qualifier,
							// @RpcFallback a @Component
							"org.springframework.beans.factory.annotation.",
							"org.springframework.stereotype.Component")),
			new Room("client.interceptor", List.of("", "call", "jsonrpc", "client"),
					and(SPRING_CORE, "org.slf4j.", "com.github.benmanes.caffeine.", "io.github.resilience4j.",
							"io.micrometer.", "org.springframework.security.")),
			new Room("client.balance", List.of("", "call", "client", "client.interceptor"),
					and(SPRING_CORE, "org.slf4j.", "reactor.", "org.reactivestreams.", "org.springframework.cloud.",
							"org.springframework.cache.", "org.springframework.http.",
							"org.springframework.beans.factory.ObjectProvider")),
			new Room("client.transport", List.of("", "call", "jsonrpc", "client"),
					and(SPRING_CORE, "org.slf4j.", "org.apache.hc.", "io.netty.", "javax.net.ssl.")),
			new Room("server.idempotency", List.of("call"),
					and(SPRING_CORE, "com.github.benmanes.caffeine.", "javax.sql.", "org.springframework.jdbc.",
							"org.springframework.dao.", "org.springframework.transaction.")),
			new Room("server", List.of("", "call", "jsonrpc", "compression", "server.idempotency", "server.overload"),
					and(SPRING_CORE, "org.slf4j.", "reactor.", "org.reactivestreams.",
							"org.springframework.stereotype.Component")),
			new Room("server.overload", List.of("call"), List.of()),
			new Room("server.interceptor", List.of("", "call", "jsonrpc", "server"),
					and(SPRING_CORE, "org.slf4j.", "io.micrometer.", "org.springframework.security.",
							"jakarta.validation.")),
			new Room("server.servlet", List.of("", "call", "server"),
					and(SPRING_CORE, "org.slf4j.", "jakarta.servlet.", "org.apache.catalina.", "org.apache.coyote.")),
			new Room("server.webflux", List.of("", "call", "server"),
					and(SPRING_CORE, "org.slf4j.", "io.micrometer.context.", "org.springframework.security.",
							"reactor.", "org.springframework.web.", "org.springframework.http.",
							"org.reactivestreams.")));

	/** Which classes may know a library that can be absent. */
	private static final Map<String, Set<String>> OPTIONAL_LIBRARIES = Map.of("com.github.benmanes.caffeine.",
			Set.of("CacheInterceptor", "CaffeineIdempotencyStore"), "org.springframework.jdbc.", Set.of("KeyTable"),
			"org.springframework.transaction.", Set.of("JdbcIdempotencyStore"), "io.github.resilience4j.",
			Set.of("CircuitBreakerInterceptor"), "org.springframework.cloud.",
			Set.of("BalancedTarget", "BalancedTargets", "Balancer", "BalancingLifecycle", "BalancingLoadBalancer",
					"InstanceAddresses", "InstanceList", "LifecycleCallbacks", "LoadBalancerOrigin", "Member",
					"RegisteredInstances", "SpringCloudTarget", "SupplierChain"),
			"com.github.luben.zstd.", Set.of("ZstdCoding"), "io.netty.",
			Set.of("Http2Call", "Http2Client", "Http2Connection", "Http2Exchange", "Http2Instance", "Http2Liveness",
					"Http2Messages", "Http2Opening", "Http2Tls", "OldestFirst"));

	private static JavaClasses classes;

	@BeforeAll
	static void importClasses() {
		// the names of the libraries' classes are enough
		ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
		classes = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
			.importPackages(ROOT);
	}

	@ParameterizedTest
	@MethodSource("rooms")
	void packageImportsOnlyWhatItsRowAllows(Room room) {
		List<String> allowed = Stream.concat(EVERYWHERE.stream(), room.libraries().stream()).toList();
		Set<String> allowedOurs = Stream.concat(room.ours().stream(), Stream.of(room.name()))
			.map(ArchitectureTest::packageName)
			.collect(Collectors.toSet());

		Set<String> forbidden = new TreeSet<>();
		classesOf(room).flatMap((type) -> type.getDirectDependenciesFromSelf().stream())
			.filter((
					dependency) -> !isAllowed(dependency.getTargetClass().getBaseComponentType(), allowed, allowedOurs))
			.map(Dependency::getDescription)
			.forEach(forbidden::add);

		assertThat(forbidden).isEmpty();
	}

	@Test
	void everyPackageButTheWiringHasARow() {
		Set<String> rows = rooms().map((room) -> packageName(room.name())).collect(Collectors.toSet());

		Set<String> packages = classes.stream()
			.map(JavaClass::getPackageName)
			.filter((name) -> !name.startsWith(ROOT + ".autoconfigure"))
			.collect(Collectors.toSet());

		assertThat(packages).isSubsetOf(rows);
	}

	@Test
	void packagesHaveNoCycles() {
		SlicesRuleDefinition.slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(classes);
	}

	@Test
	void optionalLibraryIsKnownToTheNamedClassesAlone() {
		Map<String, Set<String>> found = new TreeMap<>();
		for (JavaClass type : classes) {
			for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
				for (String library : OPTIONAL_LIBRARIES.keySet()) {
					if (dependency.getTargetClass().getName().startsWith(library)
							&& !type.getPackageName().startsWith(ROOT + ".autoconfigure")) {
						found.computeIfAbsent(library, (key) -> new TreeSet<>()).add(topLevel(type));
					}
				}
			}
		}

		assertThat(found).containsExactlyInAnyOrderEntriesOf(OPTIONAL_LIBRARIES);
	}

	@Test
	void everyPackageIsNullMarked() throws IOException {
		Map<Path, Boolean> marked = new LinkedHashMap<>();
		for (Path source : sources()) {
			Path info = source.resolveSibling("package-info.java");
			marked.put(source.getParent(), Files.exists(info) && Files.readString(info).contains("@NullMarked"));
		}

		assertThat(marked).isNotEmpty().doesNotContainValue(false);
	}

	@Test
	void noClassIsLongerThanItsLimit() throws IOException {
		Map<Path, Integer> tooLong = new TreeMap<>();
		for (Path source : sources()) {
			int lines = Files.readAllLines(source).size();
			if (lines > LONGEST_CLASS) {
				tooLong.put(source, lines);
			}
		}

		assertThat(tooLong).isEmpty();
	}

	private static Stream<Room> rooms() {
		return ROOMS.stream();
	}

	private Stream<JavaClass> classesOf(Room room) {
		List<JavaClass> found = classes.stream()
			.filter((type) -> type.getPackageName().equals(packageName(room.name())))
			.toList();
		assertThat(found).as("classes of " + room).isNotEmpty();
		return found.stream();
	}

	private static boolean isAllowed(JavaClass target, List<String> allowed, Set<String> allowedOurs) {
		return target.isPrimitive() || allowedOurs.contains(target.getPackageName())
				|| allowed.stream().anyMatch(target.getName()::startsWith);
	}

	private static String topLevel(JavaClass type) {
		return type.getEnclosingClass().map(ArchitectureTest::topLevel).orElseGet(type::getSimpleName);
	}

	private static String packageName(String room) {
		return room.isEmpty() ? ROOT : ROOT + "." + room;
	}

	private static List<String> and(List<String> some, String... more) {
		return Stream.concat(some.stream(), Stream.of(more)).toList();
	}

	private static List<Path> sources() throws IOException {
		List<Path> sources = new ArrayList<>();
		for (Path root : SOURCES) {
			try (Stream<Path> files = Files.walk(root)) {
				files.filter((file) -> file.toString().endsWith(".java")).forEach(sources::add);
			}
		}
		return sources;
	}

	/**
	 * A row of the table: what the classes of a package may import beside their own
	 * package and the JDK.
	 *
	 * @param name the package, below the root
	 * @param ours packages of ours
	 * @param libraries prefixes of other classes
	 */
	private record Room(String name, List<String> ours, List<String> libraries) {

		@Override
		public String toString() {
			return packageName(this.name);
		}

	}

}
