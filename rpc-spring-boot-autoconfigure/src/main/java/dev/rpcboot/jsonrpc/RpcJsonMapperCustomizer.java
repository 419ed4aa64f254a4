package dev.rpcboot.jsonrpc;

import tools.jackson.databind.json.JsonMapper;

/**
 * Changes the mapper that encodes arguments and results, which is not the application's
 * own: {@code spring.jackson.*} does not change the wire. Beans of this type are applied
 * in order, on both sides alike, for modules and own serializers.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface RpcJsonMapperCustomizer {

	/**
	 * Changes the mapper to be built.
	 */
	void customize(JsonMapper.Builder builder);

}
