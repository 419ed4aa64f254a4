package dev.rpcboot.jsonrpc;

import java.util.List;

import tools.jackson.databind.json.JsonMapper;

/**
 * The strict mapper of the wire. A type of its own, so that it never takes the place of
 * the application's mapper.
 *
 * @since 0.1
 */
public final class JsonRpcMapper {

	private final JsonMapper mapper;

	private JsonRpcMapper(JsonMapper mapper) {
		this.mapper = mapper;
	}

	/**
	 * Builds the mapper.
	 */
	public static JsonRpcMapper create(JsonRpcLimits limits, List<RpcJsonMapperCustomizer> customizers) {
		return new JsonRpcMapper(JsonMapper.builder().build());
	}

	JsonMapper mapper() {
		return this.mapper;
	}

}
