package dev.rpcboot.autoconfigure.server;

import java.util.Collection;

import dev.rpcboot.Idempotency;
import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.server.ExportedService;
import dev.rpcboot.server.idempotency.IdempotencyStore;
import org.jspecify.annotations.Nullable;

/**
 * Refuses to export a keyed method that could run twice.
 */
final class KeyedMethods {

	private KeyedMethods() {
	}

	/**
	 * Checks what is exported.
	 * @param store keeps the outcomes of keyed methods, or {@code null} if nothing does
	 * @throws RpcConfigurationException if a method is keyed that cannot be, or not with
	 * that store
	 */
	static void check(Collection<ExportedService> services, @Nullable IdempotencyStore store) {
		for (ExportedService service : services) {
			for (ContractMethod method : service.contract().methods()) {
				if (method.idempotency() == Idempotency.KEYED) {
					check(method, store);
				}
			}
		}
	}

	private static void check(ContractMethod method, @Nullable IdempotencyStore store) {
		if (method.returnKind().isStream()) {
			throw new RpcConfigurationException(
					method.fullName() + " is keyed, but its result comes item by item and cannot be kept for repeats.",
					"Let it return its result as a whole, or give it another idempotency.");
		}
		if (store == null) {
			// none is chosen for the application: one in memory would run repeats that
			// reach another instance
			throw new RpcConfigurationException(
					method.fullName() + " is keyed, but nothing keeps idempotency keys here.",
					"Add spring-boot-starter-jdbc and set rpc.server.idempotency.store=jdbc, which keeps them in the"
							+ " database that the method writes to; or, where there is never more than one"
							+ " instance, add Caffeine and set rpc.server.idempotency.store=caffeine; or define a"
							+ " bean of type IdempotencyStore.");
		}
		store.check(method);
	}

}
