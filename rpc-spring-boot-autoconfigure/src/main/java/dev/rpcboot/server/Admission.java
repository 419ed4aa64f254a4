package dev.rpcboot.server;

import dev.rpcboot.call.Deadline;

/**
 * What the head of a request led to, before its body is read.
 *
 * @since 0.1
 */
public sealed interface Admission {

	/**
	 * The body is of no interest; this is the answer.
	 *
	 * @param answer the answer
	 */
	record Refused(HttpAnswer answer) implements Admission {
	}

	/**
	 * The body may be read and given to the dispatcher.
	 *
	 * @param service the service that is called
	 * @param head the request's head
	 * @param deadline when the caller stops waiting
	 */
	record Admitted(ExportedService service, RequestHead head, Deadline deadline) implements Admission {
	}

}
