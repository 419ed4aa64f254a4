package dev.rpcboot.server;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * Collects Server-Sent Events that are sent together. For one thread.
 */
final class EventBuffer {

	/** A comment, which readers skip. */
	private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] NAME = "event: ".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);

	private static final int KEPT = 32 * 1024;

	private ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);

	static byte[] heartbeat() {
		return HEARTBEAT;
	}

	/**
	 * Adds an event.
	 * @param name its name, or {@code null} for that of every item
	 * @param json its data
	 */
	void add(@Nullable String name, byte[] json) {
		if (name != null) {
			this.bytes.writeBytes(NAME);
			this.bytes.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
			this.bytes.write('\n');
		}
		this.bytes.writeBytes(DATA);
		int written = 0;
		for (int i = 0; i < json.length; i++) {
			// only where a customizer indents; between tokens a line break is a space
			if (json[i] == '\n' || json[i] == '\r') {
				this.bytes.write(json, written, i - written);
				this.bytes.write('\n');
				this.bytes.writeBytes(DATA);
				written = i + 1;
			}
		}
		this.bytes.write(json, written, json.length - written);
		this.bytes.write('\n');
		this.bytes.write('\n');
	}

	int size() {
		return this.bytes.size();
	}

	/**
	 * Takes all that is there.
	 */
	byte[] take() {
		byte[] taken = this.bytes.toByteArray();
		if (taken.length > KEPT) {
			// one large item should not cost its size for as long as the stream lives
			this.bytes = new ByteArrayOutputStream(1024);
		}
		else {
			this.bytes.reset();
		}
		return taken;
	}

}
