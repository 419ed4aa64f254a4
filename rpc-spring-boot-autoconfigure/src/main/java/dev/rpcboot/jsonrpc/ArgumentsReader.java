package dev.rpcboot.jsonrpc;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.rpcboot.RpcViolation;
import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.ContractMethod.Parameter;
import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.call.RpcStatus;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Decodes the parameters of a call to the arguments of one method. Safe for concurrent
 * use.
 */
final class ArgumentsReader {

	private final JsonMapper mapper;

	private final List<Slot> slots = new ArrayList<>();

	private final Map<String, Integer> positions = new HashMap<>();

	ArgumentsReader(JsonRpcMapper mapper, ContractMethod method) {
		this.mapper = mapper.mapper();
		for (Parameter parameter : method.parameters()) {
			String name = parameter.name();
			if (name == null) {
				throw new RpcConfigurationException(
						"The parameters of " + method.method().toGenericString() + " have no names.",
						"Compile the contract with -parameters (Maven: the property maven.compiler.parameters=true;"
								+ " Gradle: options.compilerArgs.add(\"-parameters\")).");
			}
			this.positions.put(name, this.slots.size());
			this.slots.add(slot(mapper, name, parameter.type()));
		}
	}

	private static Slot slot(JsonRpcMapper mapper, String name, Type type) {
		// other arguments follow in the same parser
		ObjectReader reader = mapper.reader(type).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
		boolean required = type instanceof Class<?> plain && plain.isPrimitive();
		return new Slot(name, reader, required, required ? null : reader.readValue("null"));
	}

	@Nullable Object[] read(JsonRpcMessage.Call call) throws JsonRpcException {
		if (call.extremeNumber()) {
			throw refused(call, List.of());
		}
		Arguments arguments = new Arguments(call);
		RawJson params = call.params();
		if (params != null) {
			try (JsonParser parser = this.mapper.createParser(params.bytes(), params.from(), params.length())) {
				if (parser.nextToken() == JsonToken.START_ARRAY) {
					readPositions(parser, arguments);
				}
				else {
					readNames(parser, arguments);
				}
			}
			// a deserializer of the application may have read beyond its value
			catch (JacksonException ex) {
				throw refused(call, List.of());
			}
		}
		return arguments.complete();
	}

	private void readPositions(JsonParser parser, Arguments arguments) throws JsonRpcException {
		int position = 0;
		while (parser.nextToken() != JsonToken.END_ARRAY) {
			if (position == this.slots.size()) {
				// which of them is too many cannot be told
				throw refused(arguments.call, List.of());
			}
			arguments.read(position++, parser);
		}
	}

	private void readNames(JsonParser parser, Arguments arguments) throws JsonRpcException {
		String name;
		while ((name = parser.nextName()) != null) {
			Integer position = this.positions.get(name);
			parser.nextToken();
			if (position == null) {
				arguments.violate(new RpcViolation(name, "Unknown", "is not a parameter of the method"));
				parser.skipChildren();
			}
			else {
				arguments.read(position, parser);
			}
		}
	}

	private static JsonRpcException refused(JsonRpcMessage.Call call, List<RpcViolation> violations) {
		return new JsonRpcException(RpcStatus.INVALID_ARGUMENT, call.id(), violations);
	}

	/**
	 * The arguments of one call as they are gathered.
	 */
	private final class Arguments {

		private final JsonRpcMessage.Call call;

		private final @Nullable Object[] values = new @Nullable Object[ArgumentsReader.this.slots.size()];

		private final boolean[] given = new boolean[this.values.length];

		private final List<RpcViolation> violations = new ArrayList<>();

		Arguments(JsonRpcMessage.Call call) {
			this.call = call;
		}

		void read(int position, JsonParser parser) throws JsonRpcException {
			if (parser.hasToken(JsonToken.VALUE_NULL)) {
				// as if it were missing
				return;
			}
			Slot slot = ArgumentsReader.this.slots.get(position);
			try {
				this.values[position] = slot.reader().readValue(parser);
				this.given[position] = true;
			}
			// wide, because constructors and deserializers are user code; the parser
			// stands
			// somewhere inside the value, so that nothing more can be read
			catch (RuntimeException ex) {
				violate(Violations.of(slot.name(), ex, parser.currentToken()));
				throw refused(this.call, this.violations);
			}
		}

		void violate(RpcViolation violation) {
			if (this.violations.size() < ErrorTexts.MAX_VIOLATIONS) {
				this.violations.add(violation);
			}
		}

		@Nullable Object[] complete() throws JsonRpcException {
			for (int i = 0; i < this.values.length; i++) {
				if (!this.given[i]) {
					Slot slot = ArgumentsReader.this.slots.get(i);
					if (slot.required()) {
						violate(Violations.required(slot.name()));
					}
					this.values[i] = slot.absent();
				}
			}
			if (!this.violations.isEmpty()) {
				throw refused(this.call, this.violations);
			}
			return this.values;
		}

	}

	/**
	 * One parameter.
	 *
	 * @param required whether it is a primitive
	 * @param absent what is passed where the argument is missing or {@code null}
	 */
	private record Slot(String name, ObjectReader reader, boolean required, @Nullable Object absent) {
	}

}
