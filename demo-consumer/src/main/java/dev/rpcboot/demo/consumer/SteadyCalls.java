package dev.rpcboot.demo.consumer;

import java.time.Duration;

import dev.rpcboot.RpcException;
import dev.rpcboot.client.RpcReference;
import dev.rpcboot.demo.api.StockService;
import dev.rpcboot.demo.api.UnknownSkuException;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Asks for one article after the other until the process is stopped, whatever becomes of
 * the instances meanwhile.
 */
@Component
@Order(3)
class SteadyCalls implements ApplicationRunner {

	private static final int FIRST = 101;

	private static final int LAST = 1000;

	@RpcReference("warehouse")
	private StockService stock;

	private final AttemptCounter attempts;

	private final Duration pace;

	SteadyCalls(AttemptCounter attempts, @Value("${demo.pace}") Duration pace) {
		this.attempts = attempts;
		this.pace = pace;
	}

	@Override
	public void run(ApplicationArguments args) throws InterruptedException {
		System.out.printf("%nSteady calls, until you press Ctrl-C%n");
		this.attempts.reset();
		int failed = 0;
		for (int calls = 1; !Thread.currentThread().isInterrupted(); calls++) {
			try {
				this.stock.find("A-%04d".formatted(FIRST + (calls - 1) % (LAST - FIRST + 1)));
			}
			catch (RpcException | UnknownSkuException ex) {
				failed++;
				System.out.println("  " + ex);
			}
			if (calls % 20 == 0) {
				System.out.println("  " + calls + " calls, " + failed + " failed; attempts by instance: "
						+ this.attempts.byInstance());
				this.attempts.reset();
			}
			Thread.sleep(this.pace.toMillis());
		}
	}

}
