package dev.rpcboot.autoconfigure.client;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.RpcTransport;
import dev.rpcboot.client.RpcTransport.Message;
import dev.rpcboot.client.RpcTransport.Settings;
import dev.rpcboot.client.transport.HttpTransport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

class RpcTransportAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, RpcTransportAutoConfiguration.class));

	@Test
	void providesATransport() {
		this.runner
			.run((context) -> assertThat(context).hasSingleBean(RpcTransport.class).hasSingleBean(HttpTransport.class));
	}

	@Test
	void sendsTheCallsOfCallersWhoWaitAsTheApplicationSays() {
		this.runner.run((context) -> assertThat(context.getBean(HttpTransport.class).forBlocking())
			.isEqualTo(HttpTransport.ForBlocking.SOCKETS));
		this.runner.withPropertyValues("rpc.client.blocking-transport=http-components")
			.run((context) -> assertThat(context.getBean(HttpTransport.class).forBlocking())
				.isEqualTo(HttpTransport.ForBlocking.HTTP_COMPONENTS));
		this.runner.withPropertyValues("rpc.client.blocking-transport=pigeons")
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("pigeons"));
	}

	@Test
	void leavesItToTheTransportOfTheApplication() {
		RpcTransport own = (message, context) -> new CompletableFuture<>();

		this.runner.withBean(RpcTransport.class, () -> own)
			.run((context) -> assertThat(context.getBean(RpcTransport.class)).isSameAs(own));
	}

	@Test
	void providesNoneWithoutTheLibrary() {
		this.runner.withClassLoader(new FilteredClassLoader("org.apache.hc"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(RpcTransport.class));
	}

	@Test
	void advisesWhenThereIsNoSuchSslBundle() {
		this.runner.run((context) -> assertThat(call(context.getBean(RpcTransport.class), "partner"))
			.failsWithin(5, TimeUnit.SECONDS)
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(RpcConfigurationException.class)
			.withMessageContaining("'partner'")
			.withMessageContaining("spring.ssl.bundle"));
	}

	@Test
	void closesTheTransportWithTheContext() {
		AtomicReference<RpcTransport> transport = new AtomicReference<>();

		this.runner.run((context) -> transport.set(context.getBean(RpcTransport.class)));

		assertThat(call(transport.get(), null)).failsWithin(5, TimeUnit.SECONDS)
			.withThrowableThat()
			.havingCause()
			.withMessageContaining("closed");
	}

	private static CompletableFuture<RpcTransport.Answer> call(RpcTransport transport, @Nullable String bundle) {
		Settings settings = new Settings(Duration.ofSeconds(1), 1, Duration.ofSeconds(1), DataSize.ofKilobytes(1),
				bundle);
		CallContext context = new CallContext(Deadline.after(Duration.ofSeconds(1), NanoClock.SYSTEM), false,
				Runnable::run);
		return transport.exchange(new Message(URI.create("https://127.0.0.1:1/rpc"), RpcHeaders.EMPTY, new byte[0],
				settings, "Stock/find"), context);
	}

}
