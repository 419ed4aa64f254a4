package dev.rpcboot.faults.proxy;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Stands before a server on this machine and spoils what passes through, as it is told.
 * It reads HTTP/1.1 in whole messages, so that a fault hits an exchange and not merely a
 * connection; streams are passed on when they have ended. May be changed at any time, by
 * any thread; what is under way ends under the rules by which it began, but for faults of
 * the port.
 */
public final class FaultyProxy implements AutoCloseable {

	private final int server;

	private final SplittableRandom random;

	private final AtomicLongArray counts = new AtomicLongArray(Fault.values().length);

	private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();

	private final Entrance entrance;

	private volatile FaultMix mix = FaultMix.NONE;

	private volatile Duration latency = Duration.ofMillis(200);

	private volatile boolean silent;

	/**
	 * Opens a port.
	 * @param server port of the server
	 * @param seed by which faults are drawn
	 */
	public FaultyProxy(int server, long seed) throws IOException {
		this.server = server;
		this.random = new SplittableRandom(seed);
		this.entrance = new Entrance(this::connected);
	}

	/** Port of the proxy, which stays the same. */
	public int port() {
		return this.entrance.port();
	}

	/**
	 * Does the fault from now on: to every exchange, or to the port as a whole.
	 */
	public void set(Fault fault) throws IOException {
		if (fault == Fault.REFUSE) {
			this.entrance.refuse();
			this.connections.forEach(ProxiedConnection::reset);
			this.counts.incrementAndGet(fault.ordinal());
		}
		else if (fault == Fault.CONNECT_BLACK_HOLE) {
			this.silent = true;
			this.entrance.blackHole();
			this.counts.incrementAndGet(fault.ordinal());
		}
		else {
			set(FaultMix.always(fault));
		}
	}

	/**
	 * Does these faults to exchanges from now on.
	 */
	public void set(FaultMix mix) throws IOException {
		this.mix = mix;
		// what fell silent stays so: a connection through a black hole does not recover
		if (this.silent) {
			this.connections.forEach(ProxiedConnection::reset);
		}
		this.silent = false;
		this.entrance.open();
	}

	/** Lets everything pass from now on. */
	public void heal() throws IOException {
		set(FaultMix.NONE);
	}

	/** How long {@link Fault#LATENCY} holds a request up. */
	public void setLatency(Duration latency) {
		this.latency = latency;
	}

	/**
	 * Exchanges that met with the fault; for faults of the port, how often it was set.
	 */
	public long count(Fault fault) {
		return this.counts.get(fault.ordinal());
	}

	/** Exchanges that met with any fault. */
	public long faults() {
		return Arrays.stream(Fault.values())
			.filter((fault) -> fault != Fault.PASS && !fault.hitsPort())
			.mapToLong(this::count)
			.sum();
	}

	private void connected(Socket client) {
		ProxiedConnection connection = new ProxiedConnection(client, this.server, this);
		this.connections.add(connection);
		Threads.start("proxy-" + port(), () -> {
			try {
				connection.serve();
			}
			finally {
				this.connections.remove(connection);
			}
		});
	}

	Fault draw() {
		synchronized (this.random) {
			Fault fault = this.silent ? Fault.HALF_OPEN : this.mix.next(this.random);
			this.counts.incrementAndGet(fault.ordinal());
			return fault;
		}
	}

	boolean isSilent() {
		return this.silent;
	}

	Duration latency() {
		return this.latency;
	}

	@Override
	public void close() throws IOException {
		this.entrance.close();
		this.connections.forEach(ProxiedConnection::reset);
	}

}
