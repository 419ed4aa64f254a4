package dev.rpcboot.jsonrpc;

import java.io.File;
import java.io.Serializable;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.rpcboot.RpcMethod;
import dev.rpcboot.call.Contract;
import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.RpcConfigurationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class WireTypesTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "object | java.lang.Object of parameter value | untyped = true",
			"serializable | java.io.Serializable of parameter value | untyped = true",
			"type | java.lang.Class of parameter type | content itself",
			"method | java.lang.reflect.Method of parameter method | content itself",
			"javaType | JavaType of parameter type | content itself", "files | java.io.File of parameter | byte[]",
			"path | java.nio.file.Path of result | byte[]",
			"addresses | java.net.InetAddress of parameter addresses | String",
			"socketAddress | java.net.InetSocketAddress of parameter address | String",
			"url | java.net.URL of parameter url | String", "key | java.lang.Class of parameter | content itself",
			"raw | is raw | List<Order>", "wildcard | java.lang.Object of parameter values | untyped = true",
			"variable | java.lang.Object of result | untyped = true",
			"inRecord | java.io.File of Envelope.file | byte[]", "inGeneric | java.io.File of result | byte[]",
			"inGenericBean | java.net.URL of Inner.url | String", "inBean | java.io.File of Readable.file | byte[]",
			"settable | java.lang.Object of Writable.any | untyped = true",
			"field | java.net.InetAddress of Fields.address | String",
			"rawInBean | java.util.List of Raw.values | List", "inSubtype | java.io.File of Document.file | byte[]",
			"delegate | java.lang.Object of | untyped = true", "anySetter | java.net.URL of | String",
			"failing | java.net.URL of MovedException.url | String",
			"untypedFile | java.io.File of parameter | byte[]" })
	void refusesTypesWhereverTheyAre(String name, String description, String action) {
		ContractMethod method = Contract.of(Refused.class).method(name);

		assertThatExceptionOfType(RpcConfigurationException.class)
			.isThrownBy(() -> WireTypes.check(Samples.MAPPER, method))
			.satisfies((ex) -> {
				assertThat(ex.description()).contains(description).contains("." + name + "(");
				assertThat(ex.action()).contains(action);
			});
	}

	@ParameterizedTest
	@MethodSource
	void acceptsTypesThatSayWhatTheyAre(String name) {
		ContractMethod method = Contract.of(Accepted.class).method(name);

		assertThatNoException().isThrownBy(() -> WireTypes.check(Samples.MAPPER, method));
	}

	static Stream<String> acceptsTypesThatSayWhatTheyAre() {
		return Arrays.stream(Accepted.class.getMethods()).map(Method::getName);
	}

	interface Refused {

		void object(Object value);

		void serializable(Serializable value);

		void type(Class<?> type);

		void method(Method method);

		void javaType(JavaType type);

		void files(List<File[]> files);

		Path path();

		void addresses(InetAddress[] addresses);

		void socketAddress(InetSocketAddress address);

		void url(URL url);

		void key(Map<Class<?>, String> names);

		@SuppressWarnings("rawtypes")
		void raw(List values);

		void wildcard(List<?> values);

		<T> T variable(String key);

		void inRecord(Envelope envelope);

		Samples.Page<File> inGeneric();

		Samples.Page<Inner> inGenericBean();

		void inBean(Readable bean);

		void settable(Writable bean);

		void field(Fields bean);

		void rawInBean(Raw bean);

		void inSubtype(Message message);

		void delegate(Delegating value);

		void anySetter(Open value);

		void failing() throws MovedException;

		@RpcMethod(untyped = true)
		void untypedFile(Map<String, File> files);

	}

	interface Accepted {

		@RpcMethod(untyped = true)
		Map<String, Object> untyped(List<Object> values);

		void jdk(Currency currency, Locale locale, Charset charset, TimeZone zone, URI uri, Number number);

		JsonNode json(JsonNode node);

		Optional<Samples.Order> optional(Samples.Colour colour);

		void ignored(Ignoring bean);

		void wrapped(Wrapper value);

		Map<BigDecimal, Samples.Page<Samples.Shape>> nested(Samples.Node node);

		Void nothing();

		Long boxed(Integer number, Boolean flag);

		Iterable<String> iterable(String... values);

	}

	record Envelope(String name, File file) {
	}

	record Inner(Optional<URL> url) {
	}

	static class Readable {

		public File getFile() {
			return new File("x");
		}

	}

	static class Writable {

		public void setAny(Object any) {
		}

	}

	static class Fields {

		public InetAddress address;

	}

	static class Raw {

		@SuppressWarnings("rawtypes")
		public List values;

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	@JsonSubTypes(@JsonSubTypes.Type(Document.class))
	interface Message {

	}

	record Document(File file) implements Message {
	}

	static class Delegating {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		Delegating(Object any) {
		}

	}

	static class Open {

		@JsonAnySetter
		void set(String name, URL value) {
		}

	}

	static class MovedException extends Exception {

		private static final long serialVersionUID = 1L;

		private final URL url;

		MovedException(URL url) {
			this.url = url;
		}

		public URL getUrl() {
			return this.url;
		}

	}

	static class Ignoring {

		public String name;

		@JsonIgnore
		public File getFile() {
			return new File(this.name);
		}

	}

	static class Wrapper {

		private final String text;

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		Wrapper(String text) {
			this.text = text;
		}

		@JsonValue
		String text() {
			return this.text;
		}

		public Object getAnything() {
			return this.text;
		}

	}

}
