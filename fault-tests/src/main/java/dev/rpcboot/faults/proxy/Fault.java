package dev.rpcboot.faults.proxy;

/**
 * What a {@link FaultyProxy} does to an exchange or, where {@link #hitsPort()} says so,
 * to everybody who connects. Unless a fault says otherwise the request reaches the
 * server, whose answer is then spoiled: the worst case for a caller, which does not know.
 */
public enum Fault {

	/** None. */
	PASS,

	/** A connection is neither made nor refused, and what is open falls silent. */
	CONNECT_BLACK_HOLE,

	/** Nobody listens, and what is open is reset. */
	REFUSE,

	/** The connection is reset in place of an answer. */
	RESET_BEFORE_HEADERS,

	/** The connection is reset after the answer's head. */
	RESET_AFTER_HEADERS,

	/** The connection is reset within the answer's body. */
	RESET_MID_BODY,

	/** The request is swallowed, and never answered; it does not reach the server. */
	HALF_OPEN,

	/** The answer comes one byte a second. */
	DRIP,

	/** The request is held up before it goes on to the server. */
	LATENCY,

	/** The answer's body ends too soon, by a proper end of the connection. */
	TRUNCATED_BODY,

	/** The answer comes twice. */
	DUPLICATE_ANSWER,

	/** The page of a proxy that got no answer from the server, though the server ran. */
	HTML_502,

	/** The answer's head, and then nothing. */
	STALL_AFTER_200,

	/** An answer that is a thousand times as large as it looks. */
	GZIP_BOMB,

	/** The server's own refusal, so that the request does not reach it. */
	OVERLOADED_503,

	/** The server's own refusal, though the server ran: it is not what it says. */
	LYING_503;

	/**
	 * Whether it is done to the port as a whole and not to single exchanges.
	 */
	public boolean hitsPort() {
		return this == CONNECT_BLACK_HOLE || this == REFUSE;
	}

	/**
	 * Whether it is a failure as networks have them, and nobody's deceit.
	 */
	public boolean isHonest() {
		return this != LYING_503;
	}

	/**
	 * Whether the server hears of a request.
	 */
	public boolean reachesServer() {
		return this != HALF_OPEN && this != GZIP_BOMB && this != OVERLOADED_503 && !hitsPort();
	}

}
