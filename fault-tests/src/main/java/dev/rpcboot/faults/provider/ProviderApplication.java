package dev.rpcboot.faults.provider;

import java.io.IOException;
import java.nio.file.Path;

import dev.rpcboot.client.RpcClient;
import dev.rpcboot.faults.contract.Payments;
import dev.rpcboot.faults.contract.Work;
import dev.rpcboot.faults.process.ControlServer;
import dev.rpcboot.server.RpcService;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Serves {@link Work}, and {@link Payments} where {@code faults.payments} says so; those
 * need a data source. With {@code faults.chained} it asks the target {@code next} in its
 * turn.
 */
@SpringBootApplication
public class ProviderApplication {

	public static void main(String[] arguments) throws IOException {
		ConfigurableApplicationContext context = SpringApplication.run(ProviderApplication.class, arguments);
		LedgerWork work = context.getBean("ledgerWork", LedgerWork.class);
		new ControlServer().on("conditions", Conditions.class, (conditions) -> {
			work.setConditions(conditions);
			return true;
		}).on("heap", Object.class, (nothing) -> {
			System.gc();
			return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
		}).start(context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
	}

	@Bean
	LedgerWork ledgerWork(Environment environment, RpcClient client) throws IOException {
		Ledger ledger = Ledger.open(Path.of(environment.getRequiredProperty("faults.ledger")));
		Work next = environment.getProperty("faults.chained", Boolean.class, false)
				? client.reference(Work.class, "next") : null;
		return new LedgerWork(environment.getRequiredProperty("faults.name"), ledger, next);
	}

	@Bean
	@RpcService(Work.class)
	Work work(LedgerWork ledgerWork) {
		return ledgerWork;
	}

	/**
	 * Only these need a database.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty("faults.payments")
	static class PaymentsConfiguration {

		@Bean
		@RpcService(Payments.class)
		Payments payments(LedgerWork ledgerWork, JdbcOperations jdbc) {
			return new DatabasePayments(ledgerWork, jdbc);
		}

	}

}
