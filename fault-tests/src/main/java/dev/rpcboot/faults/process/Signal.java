package dev.rpcboot.faults.process;

/**
 * What a process can be told by the operating system.
 */
public enum Signal {

	/** It ends at once, as with its machine. */
	KILL,

	/** It is asked to end. */
	TERM,

	/** It is held up, as by a long pause of its machine. */
	STOP,

	/** It goes on. */
	CONT

}
