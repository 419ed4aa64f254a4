package dev.rpcboot.jsonrpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.rpcboot.call.RpcHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Puts encoded calls of several callers into one batch, each with the headers that are
 * its own, and takes the answer apart. What is in the parts is not looked at: whoever
 * gets one reads it as strictly as if it had come alone.
 *
 * @since 0.1
 */
public final class CoalescedCodec {

	static final byte[] BEFORE_HEADERS = ",\"headers\":".getBytes(StandardCharsets.US_ASCII);

	private final ByteArrayOutputStream out;

	/**
	 * Begins a batch.
	 * @param size about as many bytes as it will have
	 */
	public CoalescedCodec(int size) {
		this.out = new ByteArrayOutputStream(size);
	}

	/**
	 * Adds a call.
	 * @param request an encoded request, a JSON object that is not empty
	 * @param own its own headers
	 */
	public void add(byte[] request, RpcHeaders own) {
		this.out.write((this.out.size() == 0) ? '[' : ',');
		this.out.write(request, 0, request.length - 1);
		if (!own.isEmpty()) {
			this.out.writeBytes(BEFORE_HEADERS);
			int before = this.out.size();
			own.forEach((name, value) -> {
				this.out.write((this.out.size() == before) ? '{' : ',');
				text(name);
				this.out.write(':');
				text(value);
			});
			this.out.write('}');
		}
		this.out.write('}');
	}

	// of a header, which has visible ASCII alone, or tabs
	private void text(String text) {
		String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\t", "\\t");
		this.out.write('"');
		this.out.writeBytes(escaped.getBytes(StandardCharsets.US_ASCII));
		this.out.write('"');
	}

	/**
	 * Ends the batch.
	 */
	public byte[] encode() {
		this.out.write(']');
		return this.out.toByteArray();
	}

	/**
	 * Cuts an array of objects into these.
	 * @return {@code null} if it is none
	 */
	public static @Nullable List<byte[]> split(byte[] answer) {
		List<byte[]> parts = new ArrayList<>();
		int at = blank(answer, 0);
		if (at == answer.length || answer[at] != '[') {
			return null;
		}
		at = blank(answer, at + 1);
		while (at < answer.length && answer[at] == '{') {
			int end = end(answer, at);
			parts.add(Arrays.copyOfRange(answer, at, end));
			at = blank(answer, end);
			if (at == answer.length || answer[at] != ',') {
				break;
			}
			at = blank(answer, at + 1);
		}
		return (at < answer.length && answer[at] == ']' && blank(answer, at + 1) == answer.length) ? parts : null;
	}

	private static int blank(byte[] json, int from) {
		int at = from;
		while (at < json.length && " \t\r\n".indexOf(json[at]) >= 0) {
			at++;
		}
		return at;
	}

	/**
	 * Index after the object or array that begins there, or after the last byte.
	 */
	private static int end(byte[] json, int from) {
		int depth = 0;
		boolean text = false;
		for (int i = from; i < json.length; i++) {
			byte c = json[i];
			if (c == '"') {
				text = !text;
			}
			else if (text) {
				i += (c == '\\') ? 1 : 0;
			}
			else if (c == '{' || c == '[') {
				depth++;
			}
			else if ((c == '}' || c == ']') && --depth == 0) {
				return i + 1;
			}
		}
		return json.length;
	}

}
