package dev.rpcboot.client.transport;

import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;

import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.client.RpcTransport.Message;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.MessageHeaders;
import org.apache.hc.core5.http.message.BasicHeader;

/**
 * Headers on their way between a call and the HTTP library.
 */
final class HttpHeaders {

	private static final Header CONTENT_TYPE = new BasicHeader("Content-Type", "application/json");

	private static final Header ACCEPT = new BasicHeader("Accept", "application/json");

	private static final Header USER_AGENT = new BasicHeader("User-Agent", "rpc-spring-boot");

	// asks servers such as Tomcat to say how long they keep a connection
	private static final Header KEEP_ALIVE = new BasicHeader("Connection", "keep-alive");

	/** Ours to set, or none that a transport without negotiation could answer for. */
	private static final Set<String> FRAMING = Set.of("host", "content-length", "transfer-encoding", "te", "trailer",
			"connection", "keep-alive", "proxy-connection", "upgrade", "expect", "content-type", "user-agent");

	private static final Set<String> PASSED_ON = Set.of("content-type", "retry-after", "www-authenticate", "connection",
			"content-encoding", "accept-encoding");

	/** Several of one name are one list, and none of its elements may be missed. */
	private static final Set<String> LISTS = Set.of("content-encoding", "accept-encoding");

	private HttpHeaders() {
	}

	static void write(HttpRequest request, Message message, Destination destination) {
		request.addHeader("Host", destination.hostHeader());
		request.addHeader(KEEP_ALIVE);
		forEach(message, request::addHeader);
		request.addHeader("Content-Length", message.body().length);
	}

	/**
	 * The first lines of every request to a destination.
	 */
	static byte[] head(Destination destination) {
		return RequestBytes.ascii("POST " + destination.path() + " HTTP/1.1\r\nHost: " + destination.hostHeader()
				+ "\r\n" + CONTENT_TYPE + "\r\n" + USER_AGENT + "\r\n");
	}

	/**
	 * Writes the head of a request.
	 * @param first whether it is the first by its connection: what the server says of
	 * that is true of all that follow
	 */
	static void write(RequestBytes bytes, Message message, Destination destination, boolean first) {
		bytes.add(destination.head());
		if (first) {
			bytes.add("Connection: keep-alive\r\n");
		}
		if (message.headers().first("Accept") == null) {
			bytes.add("Accept: application/json\r\n");
		}
		message.headers().forEach((name, value) -> {
			if (isOfTheCall(name)) {
				bytes.add(name).add(": ").add(value).add("\r\n");
			}
		});
		bytes.add("Content-Length: ").add(message.body().length).add("\r\n\r\n");
	}

	/**
	 * The headers of a request that are not about its way.
	 */
	static void forEach(Message message, BiConsumer<String, String> action) {
		action.accept(CONTENT_TYPE.getName(), CONTENT_TYPE.getValue());
		if (message.headers().first("Accept") == null) {
			action.accept(ACCEPT.getName(), ACCEPT.getValue());
		}
		action.accept(USER_AGENT.getName(), USER_AGENT.getValue());
		message.headers().forEach((name, value) -> {
			if (isOfTheCall(name)) {
				action.accept(name, value);
			}
		});
	}

	private static boolean isOfTheCall(String name) {
		return name.startsWith("Rpc-") || !FRAMING.contains(name.toLowerCase(Locale.ROOT));
	}

	/**
	 * What a caller may act on; the first of each name, but for lists. The rest is
	 * between us and the server, or made of characters that no header of ours may have.
	 */
	static RpcHeaders read(MessageHeaders response) {
		RpcHeaders headers = RpcHeaders.EMPTY;
		for (Header header : response.getHeaders()) {
			if (isPassedOn(header)) {
				String before = headers.first(header.getName());
				if (before == null) {
					headers = headers.with(header.getName(), header.getValue());
				}
				else if (isList(header.getName())) {
					headers = headers.with(header.getName(), before + ", " + header.getValue());
				}
			}
		}
		return headers;
	}

	/**
	 * Whether several headers of that name are one list.
	 */
	static boolean isList(String name) {
		return LISTS.contains(name.toLowerCase(Locale.ROOT));
	}

	/**
	 * Whether the body is of that media type, whatever its parameters.
	 */
	static boolean isOfType(MessageHeaders response, String mediaType) {
		Header header = response.getFirstHeader("Content-Type");
		String value = (header != null) ? header.getValue() : "";
		int parameters = value.indexOf(';');
		return mediaType.equalsIgnoreCase(((parameters >= 0) ? value.substring(0, parameters) : value).strip());
	}

	private static boolean isPassedOn(Header header) {
		String name = header.getName();
		boolean ours = name.regionMatches(true, 0, "Rpc-", 0, 4);
		return (ours || PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) && isToken(name)
				&& isClean(header.getValue());
	}

	private static boolean isToken(String name) {
		return name.chars()
			.allMatch((c) -> (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-'
					|| c == '_');
	}

	private static boolean isClean(String value) {
		for (int i = 0; i < value.length(); i++) {
			char c = value.charAt(i);
			if ((c < 0x20 && c != '\t') || c >= 0x7f) {
				return false;
			}
		}
		return true;
	}

}
