package dev.rpcboot.server;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.rpcboot.call.Contract;
import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.jsonrpc.JsonRpcMapper;
import org.jspecify.annotations.Nullable;

/**
 * A bean that callers may call, under the closed set of methods of its contract.
 * Immutable.
 *
 * @since 0.1
 */
public final class ExportedService {

	private final Contract contract;

	private final Map<String, ExportedMethod> methods;

	private ExportedService(Contract contract, Map<String, ExportedMethod> methods) {
		this.contract = contract;
		this.methods = methods;
	}

	/**
	 * Exports a bean.
	 * @param contract what callers may call
	 * @param bean an instance of the contract's interface, with whatever proxy Spring put
	 * around it
	 * @param mapper reads arguments and writes results
	 * @throws dev.rpcboot.call.RpcConfigurationException if a type of the contract cannot
	 * be encoded
	 */
	public static ExportedService of(Contract contract, Object bean, JsonRpcMapper mapper) {
		Map<String, ExportedMethod> methods = new LinkedHashMap<>();
		contract.methods().forEach((method) -> methods.put(method.name(), new ExportedMethod(method, bean, mapper)));
		return new ExportedService(contract, methods);
	}

	/**
	 * Name of the service on the wire.
	 */
	public String name() {
		return this.contract.service();
	}

	/**
	 * What callers may call.
	 */
	public Contract contract() {
		return this.contract;
	}

	@Nullable ExportedMethod method(String name) {
		return this.methods.get(name);
	}

	@Override
	public String toString() {
		return name();
	}

	/**
	 * The services by their names.
	 * @throws RpcConfigurationException if two have the same
	 */
	static Map<String, ExportedService> byName(Collection<ExportedService> services) {
		Map<String, ExportedService> byName = new LinkedHashMap<>();
		for (ExportedService service : services) {
			ExportedService sameName = byName.putIfAbsent(service.name(), service);
			if (sameName != null) {
				throw new RpcConfigurationException(
						sameName.contract().type().getName() + " and " + service.contract().type().getName()
								+ " are both exported as '" + service.name() + "'.",
						"Give one of them another name with @RpcContract(\"…\"), or export one bean only.");
			}
		}
		return byName;
	}

}
