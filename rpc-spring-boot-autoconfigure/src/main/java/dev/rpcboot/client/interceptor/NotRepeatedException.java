package dev.rpcboot.client.interceptor;

/**
 * Why a call was not repeated though its failure allows it. It is never thrown, but
 * suppressed by the failure that is.
 */
final class NotRepeatedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	NotRepeatedException(String message) {
		// where it comes from says nothing more
		super(message, null, false, false);
	}

}
