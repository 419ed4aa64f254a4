package dev.rpcboot.server;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

import org.h2.tools.Server;

/**
 * A database that applications reach over TCP. It lives as long as this does, whoever is
 * connected.
 */
final class DatabaseServer implements AutoCloseable {

	private final Server server;

	private final Connection connection;

	DatabaseServer() throws SQLException {
		this.server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
		this.connection = DriverManager.getConnection(url(), "sa", "");
		execute("CREATE TABLE posting (account VARCHAR(100) NOT NULL)");
	}

	private String url() {
		return "jdbc:h2:tcp://127.0.0.1:" + this.server.getPort() + "/mem:ledger";
	}

	/**
	 * The properties of an application that keeps keys in it.
	 */
	String[] properties(String... more) {
		String[] all = new String[more.length + 4];
		all[0] = "spring.datasource.url=" + url();
		all[1] = "spring.datasource.username=sa";
		all[2] = "rpc.server.idempotency.store=jdbc";
		all[3] = "rpc.server.idempotency.jdbc.initialize-schema=always";
		System.arraycopy(more, 0, all, 4, more.length);
		return all;
	}

	int execute(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			return statement.executeUpdate(sql);
		}
	}

	@Override
	public void close() throws SQLException {
		this.connection.close();
		this.server.stop();
	}

}
