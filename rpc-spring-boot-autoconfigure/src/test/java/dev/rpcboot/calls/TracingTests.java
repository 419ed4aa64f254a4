package dev.rpcboot.calls;

import java.util.List;

import dev.rpcboot.client.RpcReference;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One trace on both sides of the wire, by the real bridge to OpenTelemetry.
 */
@Timeout(60)
class TracingTests {

	private final Applications applications = new Applications();

	@AfterEach
	void stop() {
		this.applications.close();
	}

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
	void aCallIsOneTraceOnBothSides(WebApplicationType stack) {
		ConfigurableApplicationContext provider = this.applications.provider(stack, TracedProvider.class,
				"management.tracing.sampling.probability=1");
		ConfigurableApplicationContext consumer = this.applications.consumer(TracedConsumer.class,
				"management.tracing.sampling.probability=1",
				"rpc.client.targets.warehouse.url=" + Applications.url(provider));
		ObservationRegistry registry = consumer.getBean(ObservationRegistry.class);
		Tracer tracer = consumer.getBean(Tracer.class);

		String traceId = Observation.createNotStarted("test", registry).observe(() -> {
			consumer.getBean(TracedConsumer.class).warehouse.greet("Ada");
			return tracer.currentSpan().context().traceId();
		});

		SpanData client = span(consumer, SpanKind.CLIENT);
		SpanData server = span(provider, "Warehouse/greet");
		assertThat(client.getName()).isEqualTo("Warehouse/greet");
		assertThat(client.getTraceId()).isEqualTo(traceId);
		assertThat(server.getTraceId()).isEqualTo(traceId);
		assertThat(client.getEvents()).isEmpty();
		assertThat(client.getAttributes().get(AttributeKey.stringKey("rpc.attempts"))).isEqualTo("1");
		assertThat(client.getAttributes().get(AttributeKey.stringKey("rpc.instance"))).startsWith("127.0.0.1:");
	}

	private static SpanData span(ConfigurableApplicationContext context, SpanKind kind) {
		return spans(context).stream()
			.filter((span) -> span.getKind() == kind)
			.findFirst()
			.orElseThrow(() -> new AssertionError(spans(context).toString()));
	}

	private static SpanData span(ConfigurableApplicationContext context, String name) {
		return spans(context).stream()
			.filter((span) -> span.getName().equals(name))
			.findFirst()
			.orElseThrow(() -> new AssertionError(spans(context).toString()));
	}

	private static List<SpanData> spans(ConfigurableApplicationContext context) {
		return context.getBean(InMemorySpanExporter.class).getFinishedSpanItems();
	}

	@Configuration(proxyBeanMethods = false)
	static class Spans {

		@Bean
		InMemorySpanExporter spanExporter() {
			return InMemorySpanExporter.create();
		}

		@Bean
		SimpleSpanProcessor spanProcessor(InMemorySpanExporter exporter) {
			return (SimpleSpanProcessor) SimpleSpanProcessor.create(exporter);
		}

	}

	@Import({ Spans.class, WarehouseProvider.class })
	@Configuration(proxyBeanMethods = false)
	static class TracedProvider {

	}

	@EnableAutoConfiguration
	@Import(Spans.class)
	@Configuration(proxyBeanMethods = false)
	static class TracedConsumer {

		@RpcReference("warehouse")
		Warehouse warehouse;

	}

}
