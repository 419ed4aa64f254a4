package dev.rpcboot.benchmark.limit;

import java.nio.ByteBuffer;
import java.util.Random;

import dev.rpcboot.benchmark.peer.Operation;

/**
 * Prepared messages: the number of bytes that follow, the operation, and anything.
 */
final class Frames {

	private static final byte[][] REQUESTS = new byte[Operation.values().length][];

	private static final byte[][] ANSWERS = new byte[Operation.values().length][];

	static {
		for (Operation operation : Operation.values()) {
			REQUESTS[operation.ordinal()] = frame(operation, (operation == Operation.SAVE) ? 1_253 : 284);
			ANSWERS[operation.ordinal()] = frame(operation, switch (operation) {
				case SAVE -> 1_243;
				case LIST -> 99_925;
				default -> 276;
			});
		}
	}

	private Frames() {
	}

	/** All of a request. */
	static byte[] request(Operation operation) {
		return REQUESTS[operation.ordinal()];
	}

	/** All of the answer to it. */
	static byte[] answer(Operation operation) {
		return ANSWERS[operation.ordinal()];
	}

	/** The operation of a message. */
	static Operation operation(byte ordinal) {
		return Operation.values()[ordinal];
	}

	private static byte[] frame(Operation operation, int size) {
		byte[] frame = new byte[size];
		new Random(operation.ordinal()).nextBytes(frame);
		ByteBuffer.wrap(frame).putInt(size - 4).put((byte) operation.ordinal());
		return frame;
	}

}
