package dev.rpcboot.server;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.rpcboot.Execution;
import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.call.RpcMetadata;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.JsonRpcError;
import org.jspecify.annotations.Nullable;

/**
 * Judges the head of a request before its body is read, so that a body nobody wants costs
 * nothing. Safe for concurrent use.
 */
final class RequestJudge {

	private static final List<String> MEDIA_TYPES = List.of("application/json", "application/json-rpc",
			"application/jsonrequest");

	private static final int MAX_TIMEOUT_DIGITS = 10;

	private final RpcServerSettings settings;

	private final Map<String, ExportedService> services;

	private final AnswerFactory answers;

	private final MessageCompression compression;

	private final AdmissionControl control;

	private final NanoClock clock;

	RequestJudge(RpcServerSettings settings, Map<String, ExportedService> services, AnswerFactory answers,
			MessageCompression compression, AdmissionControl control, NanoClock clock) {
		this.settings = settings;
		this.services = services;
		this.answers = answers;
		this.compression = compression;
		this.control = control;
		this.clock = clock;
	}

	Admission judge(RequestHead head) {
		if (!isFromAllowedPlace(head)) {
			return new Admission.Refused(this.answers.refusal(403, RpcStatus.PERMISSION_DENIED));
		}
		if (!head.method().equals("POST")) {
			return new Admission.Refused(this.answers.refusal(405, RpcStatus.INVALID_REQUEST).with("Allow", "POST"));
		}
		ExportedService service = service(head.path());
		if (service == null) {
			return new Admission.Refused(this.answers.refusal(404, RpcStatus.SERVICE_NOT_FOUND));
		}
		if (!isJson(head.values("Content-Type"))) {
			return new Admission.Refused(
					this.answers.refusal(415, RpcStatus.INVALID_REQUEST).with("Accept-Post", "application/json"));
		}
		if (!this.compression.canRead(head)) {
			return new Admission.Refused(this.compression.tell(this.answers.refusal(415, RpcStatus.INVALID_REQUEST)));
		}
		if (isTooLarge(head.values("Content-Length"))) {
			return new Admission.Refused(this.answers.refusal(413, RpcStatus.PAYLOAD_TOO_LARGE));
		}
		if (!RunningCalls.isWellFormed(head) || head.metadataSize() > RpcMetadata.MAX_SIZE) {
			return new Admission.Refused(this.answers.refusal(400, RpcStatus.INVALID_REQUEST));
		}
		return withDeadline(service, head);
	}

	/**
	 * Admits one of several calls that came in an admitted request.
	 * @param own the headers that are its own
	 * @return {@code null} if one of them is malformed
	 */
	Admission.@Nullable Admitted judge(Admission.Admitted request, RpcHeaders own) {
		RequestHead head = request.head().with(own);
		Duration time = RunningCalls.isWellFormed(head) ? time(head) : null;
		return (time != null) ? new Admission.Admitted(request.service(), head, Deadline.after(time, this.clock))
				: null;
	}

	private Admission withDeadline(ExportedService service, RequestHead head) {
		Duration time = time(head);
		if (time == null) {
			return new Admission.Refused(this.answers.refusal(400, RpcStatus.INVALID_REQUEST));
		}
		if (time.isZero()) {
			return new Admission.Refused(this.answers.refusal(504,
					JsonRpcError.of(RpcStatus.DEADLINE_EXCEEDED).withExecution(Execution.NOT_EXECUTED)));
		}
		HttpAnswer refusal = this.control.refusal(head);
		if (refusal != null) {
			return new Admission.Refused(refusal);
		}
		return new Admission.Admitted(service, head, Deadline.after(time, this.clock));
	}

	/**
	 * Time for the call, or {@code null} if what the caller says of it is malformed.
	 */
	private @Nullable Duration time(RequestHead head) {
		List<String> timeouts = head.values(RpcHeaders.TIMEOUT);
		Duration most = this.settings.maxTimeout();
		if (timeouts.isEmpty()) {
			return most;
		}
		if (timeouts.size() > 1 || !isTimeout(timeouts.get(0))) {
			return null;
		}
		Duration asked = Duration.ofMillis(Long.parseLong(timeouts.get(0)));
		return (asked.compareTo(most) < 0) ? asked : most;
	}

	private static boolean isTimeout(String value) {
		for (int i = 0; i < value.length(); i++) {
			if (value.charAt(i) < '0' || value.charAt(i) > '9') {
				return false;
			}
		}
		return !value.isEmpty() && value.length() <= MAX_TIMEOUT_DIGITS;
	}

	/**
	 * The path is compared as it was sent: whatever is encoded, doubled or appended is no
	 * service's path.
	 */
	private @Nullable ExportedService service(String path) {
		String base = this.settings.path();
		if (path.length() <= base.length() + 1 || !path.startsWith(base) || path.charAt(base.length()) != '/') {
			return null;
		}
		return this.services.get(path.substring(base.length() + 1));
	}

	/**
	 * Browsers say where a request comes from; other callers say nothing and are let in.
	 */
	private boolean isFromAllowedPlace(RequestHead head) {
		for (String origin : head.values("Origin")) {
			if (!this.settings.allowedOrigins().contains(origin)) {
				return false;
			}
		}
		for (String site : head.values("Sec-Fetch-Site")) {
			if (site.equalsIgnoreCase("cross-site")) {
				return false;
			}
		}
		List<String> allowedHosts = this.settings.allowedHosts();
		List<String> hosts = head.values("Host");
		return allowedHosts.isEmpty()
				|| (!hosts.isEmpty() && hosts.stream().allMatch((host) -> isAllowedHost(host, allowedHosts)));
	}

	private static boolean isAllowedHost(String host, List<String> allowed) {
		int port = host.lastIndexOf(':');
		String name = (port > host.lastIndexOf(']')) ? host.substring(0, port) : host;
		return allowed.stream().anyMatch((one) -> one.equalsIgnoreCase(host) || one.equalsIgnoreCase(name));
	}

	private static boolean isJson(List<String> contentTypes) {
		if (contentTypes.size() != 1) {
			return false;
		}
		if (contentTypes.get(0).equals(MEDIA_TYPES.get(0))) {
			return true;
		}
		String[] parts = contentTypes.get(0).toLowerCase(Locale.ROOT).split(";", -1);
		if (!MEDIA_TYPES.contains(parts[0].trim())) {
			return false;
		}
		for (int i = 1; i < parts.length; i++) {
			String parameter = parts[i].trim();
			if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")
					&& !parameter.equals("charset=\"utf-8\"")) {
				return false;
			}
		}
		return true;
	}

	private boolean isTooLarge(List<String> contentLengths) {
		for (String length : contentLengths) {
			try {
				if (Long.parseLong(length.trim()) > this.settings.maxRequestSize().toBytes()) {
					return true;
				}
			}
			catch (NumberFormatException ex) {
				return true;
			}
		}
		return false;
	}

}
