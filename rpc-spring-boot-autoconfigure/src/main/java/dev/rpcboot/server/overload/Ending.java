package dev.rpcboot.server.overload;

/**
 * How a call ended, as far as the time that it took tells something.
 *
 * @since 0.1
 */
public enum Ending {

	/** It did its work. */
	DONE,

	/** It failed, which may be sooner or later than work is done. */
	FAILED,

	/** It was given up while it was still running. */
	GIVEN_UP

}
