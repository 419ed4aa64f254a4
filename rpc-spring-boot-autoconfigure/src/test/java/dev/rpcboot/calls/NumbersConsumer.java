package dev.rpcboot.calls;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import dev.rpcboot.client.RpcReference;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Reads streams in a process of its own, and says how many items were right.
 */
@EnableAutoConfiguration
class NumbersConsumer {

	@RpcReference("numbers")
	private Numbers numbers;

	public static void main(String[] arguments) {
		SpringApplication application = new SpringApplication(NumbersConsumer.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		try (ConfigurableApplicationContext context = application.run(arguments)) {
			Numbers numbers = context.getBean(NumbersConsumer.class).numbers;
			long count = context.getEnvironment().getRequiredProperty("count", Long.class);
			AtomicLong fromStream = new AtomicLong();
			long start = System.nanoTime();
			try (Stream<String> stream = numbers.stream(count)) {
				stream.forEach((text) -> check(text, fromStream));
			}
			long between = System.nanoTime();
			AtomicLong fromFlux = new AtomicLong();
			numbers.flux(count).doOnNext((text) -> check(text, fromFlux)).blockLast();
			long end = System.nanoTime();
			System.out.println("read " + fromStream + " and " + fromFlux + " items");
			System.out.println(perSecond(count, between - start) + " items/s of a Stream, "
					+ perSecond(count, end - between) + " of a Flux");
		}
	}

	private static long perSecond(long count, long nanos) {
		return Math.round(count / (nanos / 1e9));
	}

	private static void check(String text, AtomicLong next) {
		if (text.length() == 100 && Long.parseLong(text) == next.get()) {
			next.incrementAndGet();
		}
	}

}
