package dev.rpcboot.benchmark.plan;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import dev.rpcboot.benchmark.load.Mode;
import dev.rpcboot.benchmark.plan.Row.Side;

/**
 * All rows. Ours come first, and the others are compared with the first of them.
 */
public final class Rows {

	private static final Set<Mode> BLOCKING = EnumSet.of(Mode.PLATFORM, Mode.VIRTUAL);

	private static final Set<Mode> ALL_MODES = EnumSet.allOf(Mode.class);

	/** As users get it. */
	private static final Row OURS = row("ours", "Ours, Tomcat", side("ours-tomcat", "ours.OursClient"),
			side("ours-tomcat", "ours.OursServer"), ALL_MODES);

	private static final Row HTTP_SERVICE = row("http-service-hc", "HTTP Service client, HttpComponents",
			side("spring", "spring.HttpComponentsClient"), side("spring", "spring.SpringServer"), BLOCKING);

	private static final Row DUBBO_TCP = row("dubbo-tcp", "Dubbo, TCP",
			side("dubbo", "dubbo.DubboClient", "benchmark.protocol=dubbo"),
			side("dubbo", "dubbo.DubboServer", "benchmark.protocol=dubbo"), ALL_MODES);

	/** Each of them. */
	public static final List<Row> ALL = List.of(OURS,
			// what is switched on or off has a row of its own
			OURS.variant("ours-alone", "Ours, Tomcat, without coalescing", "rpc.client.coalescing=false"),
			OURS.variant("ours-http2", "Ours, Tomcat, HTTP/2", "rpc.client.http2=true", "server.http2.enabled=true")
				.in(EnumSet.of(Mode.ASYNC)),
			OURS.variant("ours-http-components", "Ours, Tomcat, by HttpComponents",
					"rpc.client.blocking-transport=http-components", "rpc.client.coalescing=false"),
			OURS.variant("ours-virtual", "Ours, Tomcat on virtual threads", "spring.threads.virtual.enabled=true"),
			row("ours-webflux", "Ours, WebFlux", OURS.client(), side("ours-webflux", "ours.OursServer"), ALL_MODES),
			row("grpc", "gRPC", side("grpc", "grpc.GrpcClient"), side("grpc", "grpc.GrpcServer"), ALL_MODES), DUBBO_TCP,
			row("dubbo-triple", "Dubbo, triple", side("dubbo", "dubbo.DubboClient", "benchmark.protocol=tri"),
					side("dubbo", "dubbo.DubboServer", "benchmark.protocol=tri"), ALL_MODES),
			HTTP_SERVICE,
			row("http-service-jdk", "HTTP Service client, JDK", side("spring", "spring.JdkClient"),
					HTTP_SERVICE.server(), BLOCKING),
			row("openfeign", "OpenFeign, HttpComponents", side("spring", "spring.OpenFeignClient"),
					HTTP_SERVICE.server(), BLOCKING),
			// the JDK keeps 5 idle connections otherwise
			row("jsonrpc4j", "jsonrpc4j", side("jsonrpc4j", "jsonrpc4j.JsonRpc4jClient", "http.maxConnections=64"),
					side("jsonrpc4j", "jsonrpc4j.JsonRpc4jServer"), BLOCKING),
			row("sockets", "*limit: sockets, no JSON*", side("netty", "limit.SocketClient"),
					side("netty", "limit.SocketServer"), BLOCKING),
			row("netty", "*limit: Netty, no JSON*", side("netty", "limit.NettyClient"),
					side("netty", "limit.NettyServer"), EnumSet.of(Mode.ASYNC)));

	/** Those that the short form measures if it is not told which. */
	public static final List<Row> HEADLINES = ALL.stream()
		.filter((row) -> Set
			.of("ours", "ours-alone", "ours-http2", "ours-webflux", "grpc", "dubbo-tcp", "http-service-hc", "sockets",
					"netty")
			.contains(row.name()))
		.toList();

	private Rows() {
	}

	private static Row row(String name, String title, Side client, Side server, Set<Mode> modes) {
		return new Row(name, title, client, server, modes);
	}

	private static Side side(String module, String type, String... properties) {
		return new Side(module, type, List.of(properties));
	}

}
