package dev.rpcboot.autoconfigure.server;

import java.util.Collection;

import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.ContractMethod.ReturnKind;
import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.server.CallThreads;
import dev.rpcboot.server.ExportedService;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Refuses to pull the items of a stream without the caller's identity, which nobody would
 * notice: that happens on threads of ours, and on servlets the identity stands on the
 * thread of the request.
 */
final class LostStreamCaller {

	private static final String SECURITY = "org.springframework.security.core.context.SecurityContextHolder";

	private LostStreamCaller() {
	}

	/**
	 * Checks what is exported.
	 * @throws RpcConfigurationException if Spring Security is there, but nothing that
	 * takes its context to another thread
	 */
	static void refuse(Collection<ExportedService> services, CallThreads threads, @Nullable ClassLoader classes) {
		if (!threads.isTied() || !ClassUtils.isPresent(SECURITY, classes)) {
			return;
		}
		for (ExportedService service : services) {
			for (ContractMethod method : service.contract().methods()) {
				if (isPulled(method.returnKind())) {
					throw new RpcConfigurationException(
							"Spring Security cannot tell " + method.fullName() + " who calls it while its items are"
									+ " pulled: that takes Micrometer's context propagation, which is not on the"
									+ " class path.",
							"Add io.micrometer:context-propagation, or define a TaskDecorator named"
									+ " rpcServerTaskDecorator.");
				}
			}
		}
	}

	private static boolean isPulled(ReturnKind kind) {
		return kind == ReturnKind.STREAM || kind == ReturnKind.ITERATOR;
	}

}
