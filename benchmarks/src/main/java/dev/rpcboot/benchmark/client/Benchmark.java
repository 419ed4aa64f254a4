package dev.rpcboot.benchmark.client;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.rpcboot.benchmark.BenchmarkService;
import dev.rpcboot.benchmark.HttpBenchmarkService;
import dev.rpcboot.benchmark.PurchaseOrder;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;

/**
 * Measures both clients at every point by turns, so that what the machine does meanwhile
 * meets both.
 */
final class Benchmark implements ApplicationRunner {

	private static final PurchaseOrder ORDER = PurchaseOrder.sample();

	private static final PurchaseOrder CONFIRMED = ORDER.confirmed();

	private final BenchmarkService rpc;

	private final BenchmarkService http;

	private final BenchmarkProperties properties;

	Benchmark(BenchmarkService rpc, HttpBenchmarkService http, BenchmarkProperties properties) {
		this.rpc = rpc;
		this.http = http;
		this.properties = properties;
	}

	@Override
	public void run(ApplicationArguments args) throws InterruptedException, IOException {
		int most = this.properties.callers().stream().mapToInt(Integer::intValue).max().orElseThrow();
		for (Workload workload : Workload.values()) {
			for (BenchmarkService client : List.of(this.rpc, this.http)) {
				ClosedLoop.run(() -> workload.call(client), most, this.properties.warmUp());
			}
		}
		List<Point> points = new ArrayList<>();
		for (Workload workload : Workload.values()) {
			for (int callers : this.properties.callers()) {
				Point point = measure(workload, callers);
				System.out.println(point);
				points.add(point);
			}
		}
		Files.writeString(this.properties.report(), Report.of(points, this.properties));
	}

	private Point measure(Workload workload, int callers) throws InterruptedException {
		List<Measurement> ofRpc = new ArrayList<>();
		List<Measurement> ofHttp = new ArrayList<>();
		for (int i = 0; i < this.properties.alternations(); i++) {
			// who goes first changes too
			if (i % 2 == 0) {
				ofRpc.add(measure(workload, this.rpc, callers));
				ofHttp.add(measure(workload, this.http, callers));
			}
			else {
				ofHttp.add(measure(workload, this.http, callers));
				ofRpc.add(measure(workload, this.rpc, callers));
			}
		}
		return new Point(workload.name().toLowerCase(Locale.ROOT), callers, Measurement.median(ofRpc),
				Measurement.median(ofHttp));
	}

	private Measurement measure(Workload workload, BenchmarkService client, int callers) throws InterruptedException {
		return ClosedLoop.run(() -> workload.call(client), callers, this.properties.measure());
	}

	private enum Workload {

		GREET {
			@Override
			void call(BenchmarkService service) {
				check("Hello, world", service.greet("world"));
			}
		},

		SAVE {
			@Override
			void call(BenchmarkService service) {
				check(CONFIRMED, service.save(ORDER));
			}
		};

		abstract void call(BenchmarkService service);

		private static void check(Object expected, Object answer) {
			if (!expected.equals(answer)) {
				throw new IllegalStateException("Expected " + expected + " but got " + answer);
			}
		}

	}

}
