package dev.rpcboot.server;

import java.security.Principal;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.server.WebFilter;

/**
 * A ledger in a database, whose callers say who they are and are believed.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class LedgerApplication {

	static final String USER = "X-User";

	@Bean
	@RpcService
	LedgerBean ledger(JdbcTemplate jdbc, TransactionTemplate transaction, Gate gate) {
		return new LedgerBean(jdbc, transaction, gate);
	}

	@Bean
	Gate gate() {
		return new Gate();
	}

	@Bean
	@ConditionalOnWebApplication(type = Type.SERVLET)
	Filter servletUser() {
		return (request, response, chain) -> {
			HttpServletRequest http = (HttpServletRequest) request;
			String user = http.getHeader(USER);
			chain.doFilter((user == null) ? http : new HttpServletRequestWrapper(http) {

				@Override
				public Principal getUserPrincipal() {
					return () -> user;
				}

			}, response);
		};
	}

	/**
	 * Of its own, since an instance that stops takes the shared ones of this process with
	 * it.
	 */
	@Bean
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	ReactorResourceFactory reactorResources() {
		ReactorResourceFactory resources = new ReactorResourceFactory();
		resources.setUseGlobalResources(false);
		return resources;
	}

	@Bean
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	WebFilter reactiveUser() {
		return (exchange, chain) -> {
			String user = exchange.getRequest().getHeaders().getFirst(USER);
			return chain.filter(
					(user == null) ? exchange : exchange.mutate().principal(Mono.just((Principal) () -> user)).build());
		};
	}

	/**
	 * Where the methods of one instance say that they were entered, and one of them
	 * waits.
	 */
	static class Gate {

		final Semaphore entered = new Semaphore(0);

		final Semaphore open = new Semaphore(0);

	}

	static class LedgerBean implements Ledger {

		private final JdbcTemplate jdbc;

		private final TransactionTemplate transaction;

		private final Gate gate;

		LedgerBean(JdbcTemplate jdbc, TransactionTemplate transaction, Gate gate) {
			this.jdbc = jdbc;
			this.transaction = transaction;
			this.gate = gate;
		}

		@Override
		public String post(String account, int amount) {
			write(account);
			return account + " " + amount;
		}

		@Override
		public String postSlowly(String account) {
			write(account);
			this.gate.entered.release();
			try {
				if (!this.gate.open.tryAcquire(20, TimeUnit.SECONDS)) {
					throw new IllegalStateException("Nobody opened the gate");
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException(ex);
			}
			return account;
		}

		@Override
		@Transactional
		public String postAndRefuse(String account) throws ClosedException {
			write(account);
			this.gate.entered.release();
			throw new ClosedException("Closed", account);
		}

		@Override
		@Transactional
		public String postAndWarn(String account) throws BlockedException {
			write(account);
			throw new BlockedException("Blocked");
		}

		@Override
		public String postAndBreak(String account) {
			write(account);
			this.gate.entered.release();
			throw new IllegalStateException("Broken");
		}

		@Override
		public String postSwallowing(String account) {
			write(account);
			this.gate.entered.release();
			try {
				this.transaction.executeWithoutResult((status) -> {
					throw new IllegalStateException("Broken below");
				});
			}
			catch (IllegalStateException ex) {
				// the ledger thinks that nothing has happened
			}
			return account;
		}

		@Override
		public String statement(String account, int size) {
			write(account);
			return "x".repeat(size);
		}

		@Override
		public Receipt postUnreadably(String account) {
			write(account);
			return new Receipt(account);
		}

		@Override
		public int count(String account) {
			return this.jdbc.queryForObject("SELECT COUNT(*) FROM posting WHERE account = ?", Integer.class, account);
		}

		private void write(String account) {
			this.jdbc.update("INSERT INTO posting (account) VALUES (?)", account);
		}

	}

}
