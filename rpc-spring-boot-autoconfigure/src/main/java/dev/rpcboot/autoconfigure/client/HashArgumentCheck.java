package dev.rpcboot.autoconfigure.client;

import java.util.Collection;

import dev.rpcboot.call.Contract;
import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.client.CallSettings;
import dev.rpcboot.client.CallSettingsResolver;
import org.jspecify.annotations.Nullable;

/**
 * Refuses the name of an argument by which instances are to be chosen that no method has.
 * Methods without it are well beside one that has it: what is set for a target need not
 * fit all of its methods.
 */
final class HashArgumentCheck {

	private final CallSettingsResolver settings;

	HashArgumentCheck(CallSettingsResolver settings) {
		this.settings = settings;
	}

	void check(Reference reference) {
		Collection<ContractMethod> methods = Contract.of(reference.contract()).methods();
		for (ContractMethod method : methods) {
			String argument = hashBy(reference, method);
			if (argument != null && methods.stream()
				.noneMatch((other) -> argument.equals(hashBy(reference, other)) && has(other, argument))) {
				throw unknown(reference, method, argument);
			}
		}
	}

	private @Nullable String hashBy(Reference reference, ContractMethod method) {
		CallSettings resolved = this.settings.resolve(reference.target(), method);
		return (resolved.url() == null) ? resolved.resilience().balancing().hashBy() : null;
	}

	private static boolean has(ContractMethod method, String argument) {
		return method.parameters().stream().anyMatch((parameter) -> argument.equals(parameter.name()));
	}

	private static RpcConfigurationException unknown(Reference reference, ContractMethod method, String argument) {
		boolean named = method.parameters().stream().allMatch((parameter) -> parameter.name() != null);
		return new RpcConfigurationException(
				"Instances of " + reference.target() + " are to be chosen by the argument '" + argument + "' of "
						+ method + ", but there is no argument of that name.",
				named ? "Name one of " + method.parameters().stream().map(ContractMethod.Parameter::name).toList()
						+ " in its place."
						: "Compile " + reference.contract().getName()
								+ " with the compiler's option -parameters, so that its arguments have names.");
	}

}
