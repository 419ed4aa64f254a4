package dev.rpcboot.client.balance;

import java.util.List;

import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.client.RpcRequest;
import org.jspecify.annotations.Nullable;

/**
 * What decides on the instance where an argument does.
 */
final class HashKey {

	private HashKey() {
	}

	/**
	 * The key of a call.
	 * @param argument name of the argument
	 * @return {@code null} if the method has none of that name, or it cannot be encoded,
	 * which is told when the request is
	 */
	static @Nullable Long of(RpcRequest call, String argument) {
		List<ContractMethod.Parameter> parameters = call.method().parameters();
		for (int i = 0; i < parameters.size(); i++) {
			if (argument.equals(parameters.get(i).name())) {
				return hash(call, i);
			}
		}
		return null;
	}

	private static @Nullable Long hash(RpcRequest call, int position) {
		try {
			return Rendezvous.hash(call.encodedArgument(position));
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

}
