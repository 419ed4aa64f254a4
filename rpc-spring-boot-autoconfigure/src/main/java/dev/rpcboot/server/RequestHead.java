package dev.rpcboot.server;

import java.util.ArrayList;
import java.util.List;

import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.call.RpcMetadata;

/**
 * All of an HTTP request but its body, as an endpoint received it. Immutable: a copy, so
 * that it can be read when the container has already taken its own request back.
 *
 * @param method the HTTP method
 * @param path the path as it was sent, undecoded, without the application's own prefix
 * and without the query
 * @param headers the headers, in order
 * @since 0.1
 */
public record RequestHead(String method, String path, List<Header> headers) {

	public RequestHead {
		headers = List.copyOf(headers);
	}

	/**
	 * The values of every header of that name, in order.
	 */
	public List<String> values(String name) {
		List<String> values = List.of();
		for (Header header : this.headers) {
			if (header.name().equalsIgnoreCase(name)) {
				if (values.isEmpty()) {
					values = List.of(header.value());
				}
				else {
					values = new ArrayList<>(values);
					values.add(header.value());
				}
			}
		}
		return values;
	}

	/**
	 * The headers as the code of a call may see them: the first of each name, without
	 * those that bear characters other than visible ASCII.
	 */
	RpcHeaders readable() {
		RpcHeaders readable = RpcHeaders.EMPTY;
		for (Header header : this.headers) {
			if (readable.first(header.name()) == null) {
				try {
					readable = readable.with(header.name(), header.value());
				}
				catch (IllegalArgumentException ex) {
					// HTTP allows more than our headers do; nobody relies on such a one
				}
			}
		}
		return readable;
	}

	/**
	 * Characters of metadata, whether it can be read or not.
	 */
	int metadataSize() {
		int size = 0;
		for (Header header : this.headers) {
			if (RpcMetadata.isMetadata(header.name())) {
				size += header.name().length() + header.value().length();
			}
		}
		return size;
	}

	/**
	 * One header as it was received.
	 *
	 * @param name its name
	 * @param value its value
	 */
	public record Header(String name, String value) {
	}

}
