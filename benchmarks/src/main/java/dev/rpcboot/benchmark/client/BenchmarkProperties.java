package dev.rpcboot.benchmark.client;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How to measure.
 *
 * @param url address of the server
 * @param warmUp time for which each client runs each workload before anything counts
 * @param measure time of one measurement
 * @param alternations measurements of each client at each point
 * @param callers numbers of callers at a time
 * @param report file that the table is written to
 */
@ConfigurationProperties("benchmark")
record BenchmarkProperties(URI url, @DefaultValue("10s") Duration warmUp, @DefaultValue("4s") Duration measure,
		@DefaultValue("5") int alternations, @DefaultValue( {
				"1", "16", "64" }) List<Integer> callers,
		Path report){
}
