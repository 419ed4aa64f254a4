package dev.rpcboot.faults.promises;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import dev.rpcboot.faults.consumer.LoadPlan;
import dev.rpcboot.faults.consumer.LoadReport;
import dev.rpcboot.faults.consumer.Operation;
import dev.rpcboot.faults.process.WebStack;
import dev.rpcboot.faults.proxy.FaultMix;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A write with a key is done once, and succeeds, while one of three providers is behind a
 * bad network. The effects are counted in the database that the providers share.
 */
@Timeout(240)
class P15KeyedWritesTests {

	private static final String DATABASE = "mem:payments;DB_CLOSE_DELAY=-1";

	private Server server;

	private Connection database;

	@BeforeEach
	void startDatabase() throws SQLException {
		this.server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
		this.database = DriverManager.getConnection("jdbc:h2:" + DATABASE, "sa", "");
		try (Statement statement = this.database.createStatement()) {
			statement.execute("create table effect (call_id varchar(100))");
		}
	}

	@AfterEach
	void stopDatabase() throws SQLException {
		try (Statement statement = this.database.createStatement()) {
			statement.execute("shutdown");
		}
		this.server.stop();
	}

	@Test
	void everyKeyedWriteIsDoneOnce() throws Exception {
		try (Rig.Own own = own("rpc.server.idempotency.store=jdbc",
				"rpc.server.idempotency.jdbc.initialize-schema=always")) {
			LoadReport report = run(own.rig());

			Figure.of(15, "keyed writes, 20 % faults on 1 of 3: failed of " + report.calls(), report.failedCount(),
					"0");
			Figure.of(15, "keyed writes: done twice", doneTwice(), "0");
			Figure.of(15, "keyed writes: done", done(), Integer.toString(report.calls()));
			assertThat(report.failures()).isEmpty();
			assertThat(doneTwice()).isZero();
			assertThat(done()).isEqualTo(report.calls());
		}
	}

	@Test
	@Tag("full")
	void writesAreDoneTwiceWithoutASharedStore() throws Exception {
		try (Rig.Own own = own("rpc.server.idempotency.store=caffeine")) {
			run(own.rig());

			Figure.of(15, "keyed writes, a store for each provider: done twice", doneTwice(), "missed");
			assertThat(doneTwice()).isPositive();
		}
	}

	private Rig.Own own(String... properties) throws Exception {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("faults.payments=true");
		all.add("spring.datasource.url=jdbc:h2:tcp://127.0.0.1:" + this.server.getPort() + "/" + DATABASE);
		all.add("spring.datasource.username=sa");
		return Rig.own(WebStack.TOMCAT, List.of(), all.toArray(String[]::new));
	}

	private LoadReport run(Rig rig) throws Exception {
		rig.reset(true, "rpc.client.timeout=10s", "rpc.client.hedging.keyed=true");
		// its processes are new, as is the pool of each to the database
		rig.run(400, 200, Operation.PAY);
		try (Statement statement = this.database.createStatement()) {
			statement.execute("delete from effect");
		}
		rig.proxy(0).set(FaultMix.any(0.2));
		LoadPlan plan = Rig.plan(Figure.calls(10_000, 600), 200, Operation.PAY);
		return rig.consumer().run(plan);
	}

	private long doneTwice() throws SQLException {
		return count("select count(*) from (select call_id from effect group by call_id having count(*) > 1)");
	}

	private long done() throws SQLException {
		return count("select count(distinct call_id) from effect");
	}

	private long count(String query) throws SQLException {
		try (Statement statement = this.database.createStatement(); ResultSet rows = statement.executeQuery(query)) {
			rows.next();
			return rows.getLong(1);
		}
	}

}
