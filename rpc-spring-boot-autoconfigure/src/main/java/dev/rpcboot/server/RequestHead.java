package dev.rpcboot.server;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import dev.rpcboot.call.Criticality;
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

	/** From 2 on; 0 and 1 are no repetitions. */
	private static final Pattern LATER_ATTEMPT = Pattern.compile("[2-9]|[1-9][0-9]{1,8}");

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
	 * A copy in which the named headers have these values alone.
	 */
	RequestHead with(RpcHeaders own) {
		List<Header> changed = new ArrayList<>(this.headers.size() + 4);
		for (Header header : this.headers) {
			if (own.first(header.name()) == null) {
				changed.add(header);
			}
		}
		own.forEach((name, value) -> changed.add(new Header(name, value)));
		return new RequestHead(this.method, this.path, changed);
	}

	/**
	 * What the server may refuse first, as the caller says. It may always say that its
	 * call is less critical than others.
	 * @param known whether it is known who calls: else nothing is more critical than
	 * {@link Criticality#CRITICAL}
	 */
	Criticality criticality(boolean known) {
		List<String> values = values(RpcHeaders.CRITICALITY);
		Criticality claimed = (values.size() == 1) ? Criticality.named(values.get(0)) : null;
		return (claimed == null || (claimed == Criticality.CRITICAL_PLUS && !known)) ? Criticality.CRITICAL : claimed;
	}

	/**
	 * Whether the caller has made an attempt before.
	 */
	boolean isRepetition() {
		List<String> values = values(RpcHeaders.ATTEMPT);
		return values.size() == 1 && LATER_ATTEMPT.matcher(values.get(0)).matches();
	}

	/**
	 * The headers as the code of a call may see them: the first of each name, without
	 * those that bear characters other than visible ASCII.
	 */
	RpcHeaders readable() {
		List<String> readable = new ArrayList<>(2 * this.headers.size());
		for (int i = 0; i < this.headers.size(); i++) {
			Header header = this.headers.get(i);
			// HTTP allows more than our headers do; nobody relies on such a one
			if (RpcHeaders.isReadable(header.name(), header.value()) && !isRepeated(readable, header.name())) {
				readable.add(header.name());
				readable.add(header.value());
			}
		}
		return RpcHeaders.of(readable.toArray(String[]::new));
	}

	private static boolean isRepeated(List<String> readable, String name) {
		for (int i = 0; i < readable.size(); i += 2) {
			if (readable.get(i).equalsIgnoreCase(name)) {
				return true;
			}
		}
		return false;
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
