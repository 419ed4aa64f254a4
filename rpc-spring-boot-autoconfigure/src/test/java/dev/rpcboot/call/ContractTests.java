package dev.rpcboot.call;

import java.io.IOException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.rpcboot.Idempotency;
import dev.rpcboot.RpcContract;
import dev.rpcboot.RpcErrorCode;
import dev.rpcboot.RpcMethod;
import dev.rpcboot.call.ContractMethod.ReturnKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

class ContractTests {

	@Test
	void isNamedAfterTheInterfaceUnlessItSaysOtherwise() {
		assertThat(Contract.of(Plain.class).service()).isEqualTo("Plain");
		assertThat(Contract.of(Named.class).service()).isEqualTo("stock.v2");
	}

	@Test
	void holdsAbstractMethodsAndDefaultMethodsThatSaySo() {
		Contract contract = Contract.of(WithDefaults.class);

		assertThat(contract.methods()).extracting(ContractMethod::name).containsExactlyInAnyOrder("find", "remote");
	}

	@Test
	void holdsNothingOfObjectAndNothingStatic() {
		Contract contract = Contract.of(Plain.class);

		assertThat(contract.methods()).extracting(ContractMethod::name).containsExactly("find");
		assertThat(contract.method("equals")).isNull();
		assertThat(contract.method("helper")).isNull();
	}

	@Test
	void resolvesTypeVariablesOfInheritedMethods() {
		Contract contract = Contract.of(Orders.class);

		assertThat(contract.method("get").resultType()).isEqualTo(Order.class);
		assertThat(contract.method("save").parameters()).extracting(ContractMethod.Parameter::type)
			.containsExactly(Order.class);
		assertThat(contract.method("all").resultType().getTypeName())
			.isEqualTo("java.util.Map<java.lang.String, java.util.List<" + Order.class.getName() + ">>");
	}

	@Test
	void knowsAMethodThatIsInheritedTwiceByBothDeclarations() throws Exception {
		Contract contract = Contract.of(Diamond.class);

		ContractMethod left = contract.method(Left.class.getMethod("find", String.class));
		ContractMethod right = contract.method(Right.class.getMethod("find", String.class));
		assertThat(left).isNotNull().isSameAs(right);
	}

	@Test
	void takesTheMostSpecificResultOfAnOverriddenMethod() {
		Contract contract = Contract.of(Narrower.class);

		assertThat(contract.methods()).hasSize(1);
		assertThat(contract.method("make").resultType()).isEqualTo(Integer.class);
	}

	@Test
	void takesTheMostSpecificResultOfSeveralThatAreUnrelated() {
		Contract contract = Contract.of(Narrowest.class);

		assertThat(contract.methods()).hasSize(1);
		assertThat(contract.method("make").resultType()).isEqualTo(Integer.class);
	}

	@Test
	void freesResultsFromTheFutureAroundThem() {
		Contract contract = Contract.of(Async.class);

		assertThat(contract.method("future").resultType()).isEqualTo(String.class);
		assertThat(contract.method("future").returnKind()).isEqualTo(ReturnKind.FUTURE);
		assertThat(contract.method("mono").resultType().getTypeName()).isEqualTo("java.util.List<java.lang.String>");
		assertThat(contract.method("mono").returnKind()).isEqualTo(ReturnKind.MONO);
		assertThat(contract.method("optional").returnKind()).isEqualTo(ReturnKind.VALUE);
	}

	@Test
	void tellsOverloadsApartByTheirWireNames() throws Exception {
		Contract contract = Contract.of(NamedOverloads.class);

		Method byId = NamedOverloads.class.getMethod("find", long.class);
		assertThat(contract.method(byId).name()).isEqualTo("findById");
		assertThat(contract.method("find").parameters()).hasSize(1);
	}

	@Test
	void readsWhatRepeatingAMethodMeans() {
		assertThat(Contract.of(WithDefaults.class).method("remote").idempotency()).isEqualTo(Idempotency.SAFE);
		assertThat(Contract.of(WithDefaults.class).method("find").idempotency()).isEqualTo(Idempotency.NONE);
	}

	@Test
	void allowsObjectWhereTheMethodOptsIn() {
		assertThat(Contract.of(Untyped.class).method("any").untyped()).isTrue();
	}

	@Test
	void readsDeclaredExceptionsButNotThoseOfTheJdk() {
		ContractMethod method = Contract.of(Failing.class).method("reserve");

		assertThat(method.errors()).extracting(ContractError::type).containsExactly("OutOfStockException", "gone");
		assertThat(method.error("gone").code()).isEqualTo(42);
	}

	@Test
	void buildsAnExceptionAgainWithItsPropertiesAndMessage() {
		ContractError error = Contract.of(Failing.class).method("reserve").error("OutOfStockException");
		Map<String, Object> attributes = error.attributes(new OutOfStockException("x1", 3));

		Throwable rebuilt = error.rebuild("only 3 left", (name, type) -> attributes.get(name));

		assertThat(attributes).containsExactly(Map.entry("sku", "x1"), Map.entry("left", 3));
		assertThat(rebuilt).isInstanceOfSatisfying(OutOfStockException.class, (ex) -> {
			assertThat(ex.getSku()).isEqualTo("x1");
			assertThat(ex.left()).isEqualTo(3);
		});
	}

	@Test
	void buildsAnExceptionOfAMessageAloneAgain() {
		ContractError error = Contract.of(Failing.class).method("reserve").error("gone");

		assertThat(error.rebuild("it is gone", (name, type) -> null)).isInstanceOf(GoneException.class)
			.hasMessage("it is gone");
	}

	@Test
	void letsASubclassTravelAsItsNearestDeclaredClass() {
		ContractMethod method = Contract.of(Failing.class).method("reserve");

		assertThat(ContractErrors.nearest(new LastOneTakenException(), method).type()).isEqualTo("OutOfStockException");
		assertThat(ContractErrors.nearest(new Annotated("unchecked"), method).type()).isEqualTo("Annotated");
		assertThat(ContractErrors.nearest(new IOException("disk"), method)).isNull();
		assertThat(ContractErrors.nearest(new IllegalStateException(), method)).isNull();
	}

	@Test
	void readsAnExceptionThatIsNotDeclaredOnce() {
		ContractMethod method = Contract.of(Failing.class).method("reserve");

		ContractError first = ContractErrors.nearest(new Annotated("one"), method);

		assertThat(ContractErrors.nearest(new Annotated("two"), method)).isSameAs(first);
	}

	@Test
	void refusesAnUndeclaredExceptionThatCannotBeBuiltAgainForTheSameReasonEachTime() {
		ContractMethod method = Contract.of(Failing.class).method("reserve");

		Throwable first = catchThrowable(() -> ContractErrors.nearest(new AnnotatedUnbuildable("a", "b"), method));

		assertThat(first).isInstanceOf(RpcConfigurationException.class).hasMessageContaining("cannot be built again");
		assertThatExceptionOfType(RpcConfigurationException.class)
			.isThrownBy(() -> ContractErrors.nearest(new AnnotatedUnbuildable("c", "d"), method))
			.satisfies((second) -> assertThat(second).isSameAs(first));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void refusesWhatCannotBeCalledRemotely(Class<?> type, String description, String action) {
		assertThatExceptionOfType(RpcConfigurationException.class).isThrownBy(() -> Contract.of(type))
			.satisfies((ex) -> {
				assertThat(ex.description()).contains(description);
				assertThat(ex.action()).contains(action);
			});
	}

	static Stream<Arguments> refusesWhatCannotBeCalledRemotely() {
		return Stream.of(Arguments.of(String.class, "is no interface", "Declare the remote methods in an interface"),
				Arguments.of(Empty.class, "has no remote method", "@RpcMethod"),
				Arguments.of(BadName.class, "cannot stand in a URL", "@RpcContract"),
				Arguments.of(Overloads.class, "is overloaded", "@RpcMethod(\"…\")"),
				Arguments.of(SameName.class, "have the same wire name 'find'", "@RpcMethod(\"…\")"),
				Arguments.of(Reserved.class, "is reserved", "@RpcMethod(\"…\")"),
				Arguments.of(RawFuture.class, "of unknown type", "CompletableFuture<…>"),
				Arguments.of(Unbuildable.class, "cannot be built again", "-parameters"),
				Arguments.of(ReservedCode.class, "reserved by JSON-RPC", "@RpcErrorCode"),
				Arguments.of(SameErrorName.class, "have the same wire name", "@RpcErrorCode(type"));
	}

	interface Plain {

		String find(String sku);

		@Override
		boolean equals(Object other);

		static String helper() {
			return "";
		}

	}

	@RpcContract("stock.v2")
	interface Named {

		void touch();

	}

	interface WithDefaults {

		String find(String sku);

		default String local() {
			return find("local");
		}

		@RpcMethod(idempotency = Idempotency.SAFE)
		default String remote() {
			return "";
		}

	}

	interface Crud<T, K> {

		T get(K id);

		void save(T entity);

		Map<K, List<T>> all();

	}

	record Order(String id) {
	}

	interface Orders extends Crud<Order, String> {

	}

	interface Left {

		String find(String sku);

	}

	interface Right {

		String find(String sku);

	}

	interface Diamond extends Left, Right {

	}

	interface Wider {

		Number make();

	}

	interface Narrower extends Wider {

		@Override
		Integer make();

	}

	interface Comparing {

		Comparable<Integer> make();

	}

	interface Narrowest extends Comparing, Wider {

		@Override
		Integer make();

	}

	interface Async {

		CompletableFuture<String> future();

		Mono<List<String>> mono();

		Optional<String> optional();

	}

	interface NamedOverloads {

		String find(String sku);

		@RpcMethod("findById")
		String find(long id);

	}

	interface Untyped {

		@RpcMethod(untyped = true)
		List<Object> any(Map<String, Object> values);

	}

	interface Failing {

		void reserve(String sku) throws OutOfStockException, GoneException, IOException;

	}

	static class OutOfStockException extends Exception {

		private final String sku;

		private final int left;

		OutOfStockException(String sku, int left) {
			super("only " + left + " of " + sku);
			this.sku = sku;
			this.left = left;
		}

		OutOfStockException(String message) {
			this(message, 0);
		}

		String unrelated() {
			return "";
		}

		public String getSku() {
			return this.sku;
		}

		public int left() {
			return this.left;
		}

	}

	static class LastOneTakenException extends OutOfStockException {

		LastOneTakenException() {
			super("last", 0);
		}

	}

	@RpcErrorCode(value = 42, type = "gone")
	static class GoneException extends RuntimeException {

		GoneException(String message) {
			super(message);
		}

	}

	@RpcErrorCode
	static class Annotated extends RuntimeException {

		Annotated(String message) {
			super(message);
		}

	}

	@RpcErrorCode
	static class AnnotatedUnbuildable extends RuntimeException {

		AnnotatedUnbuildable(String one, String two) {
			super(one + two);
		}

	}

	interface Empty {

		default void local() {
		}

	}

	@RpcContract("no/slash")
	interface BadName {

		void touch();

	}

	interface Overloads {

		String find(String sku);

		String find(long id);

	}

	interface SameName {

		String find(String sku);

		@RpcMethod("find")
		String lookUp(String sku);

	}

	interface Reserved {

		@RpcMethod("rpc.find")
		String find(String sku);

	}

	interface RawFuture {

		@SuppressWarnings("rawtypes")
		CompletableFuture get();

	}

	static class UnbuildableException extends Exception {

		UnbuildableException(String one, String two) {
			super(one + two);
		}

	}

	interface Unbuildable {

		void fail() throws UnbuildableException;

	}

	@RpcErrorCode(-32050)
	static class ReservedCodeException extends Exception {

		ReservedCodeException(String message) {
			super(message);
		}

	}

	interface ReservedCode {

		void fail() throws ReservedCodeException;

	}

	@RpcErrorCode(type = "gone")
	static class OtherGoneException extends Exception {

		OtherGoneException(String message) {
			super(message);
		}

	}

	interface SameErrorName {

		void fail() throws GoneException, OtherGoneException;

	}

}
