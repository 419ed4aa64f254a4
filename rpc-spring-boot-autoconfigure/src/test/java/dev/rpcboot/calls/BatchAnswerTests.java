package dev.rpcboot.calls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rpcboot.Execution;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcException;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.RpcRemoteException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.client.RpcBatch;
import dev.rpcboot.client.RpcBatch.Entry;
import dev.rpcboot.client.RpcClient;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a batch makes of answers that no good server gives. In the scripts {@code @1} and
 * {@code @2} stand for the ids of its two entries.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class BatchAnswerTests {

	private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");

	private final Applications applications = new Applications();

	private HttpServer server;

	private ConfigurableApplicationContext consuming;

	private final CountDownLatch end = new CountDownLatch(1);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private Duration timeout;

	private volatile int status;

	private volatile boolean lost;

	private volatile String script;

	private volatile String received;

	private volatile String mirror;

	private volatile String contentType;

	private Entry<String> first;

	private Entry<Integer> second;

	@BeforeAll
	void start() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/", this::answer);
		this.server.setExecutor(this.threads);
		this.server.start();
		this.consuming = this.applications.consumer(DepotConsumer.class,
				"rpc.client.targets.depot.url=http://127.0.0.1:" + this.server.getAddress().getPort());
	}

	@AfterAll
	void stop() {
		this.applications.close();
		this.end.countDown();
		this.server.stop(0);
		this.threads.shutdown();
	}

	@BeforeEach
	void forget() {
		this.status = 200;
		this.lost = false;
		this.timeout = Duration.ofSeconds(5);
		this.contentType = "application/json";
		this.consuming.getBean(CircuitBreakerRegistry.class).getAllCircuitBreakers().forEach(CircuitBreaker::reset);
	}

	private void answer(HttpExchange exchange) throws IOException {
		this.received = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
		this.mirror = exchange.getRequestHeaders().getFirst("Rpc-Method");
		if (this.lost) {
			this.lost = false;
			exchange.sendResponseHeaders(502, -1);
			exchange.close();
			return;
		}
		Matcher ids = ID.matcher(this.received);
		String answer = this.script;
		if (answer == null) {
			awaitEnd();
			return;
		}
		for (int i = 1; ids.find(); i++) {
			answer = answer.replace("@" + i, ids.group(1));
		}
		byte[] body = answer.getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().add("Content-Type", this.contentType);
		exchange.sendResponseHeaders(this.status, (body.length > 0) ? body.length : -1);
		exchange.getResponseBody().write(body);
		exchange.close();
	}

	private void awaitEnd() {
		try {
			this.end.await(30, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** A batch of {@code find("a")} and {@code add(1, 2)}, not sent yet. */
	private RpcBatch<Depot> batch() {
		RpcBatch<Depot> batch = this.consuming.getBean(RpcClient.class)
			.batch(Depot.class, "depot")
			.timeout(this.timeout);
		this.first = batch.add((depot) -> depot.find("a"));
		this.second = batch.add((depot) -> depot.add(1, 2));
		return batch;
	}

	@Test
	void isAPlainJsonRpcBatch() {
		this.script = "[{\"jsonrpc\":\"2.0\",\"id\":@1,\"result\":\"x\"},{\"jsonrpc\":\"2.0\",\"id\":@2,\"result\":3}]";

		batch().send();

		assertThat(ID.matcher(this.received).replaceAll("\"id\":0"))
			.isEqualTo("[{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"find\",\"params\":[\"a\"]},"
					+ "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"add\",\"params\":[1,2]}]");
		assertThat(this.mirror).isNull();
	}

	@Test
	void matchesAnswersByTheirIdsWhateverTheOrder() {
		this.script = " [{\"jsonrpc\":\"2.0\",\"id\":@2,\"result\":3},{\"id\":@1,\"result\":\"x\",\"jsonrpc\":\"2.0\"}]";

		batch().send();

		assertThat(this.first.get()).isEqualTo("x");
		assertThat(this.second.get()).isEqualTo(3);
	}

	@Test
	void failsTheEntryAloneThatIsNotAnswered() {
		this.script = "[{\"jsonrpc\":\"2.0\",\"id\":@2,\"result\":3}]";

		batch().send();

		assertThat(this.second.get()).isEqualTo(3);
		assertThatExceptionOfType(RpcProtocolException.class).isThrownBy(this.first::get)
			.withMessageContaining("Depot/find on depot was not answered")
			.satisfies((ex) -> assertThat(ex.execution()).isEqualTo(Execution.UNKNOWN));
	}

	@Test
	void failsTheEntryAloneWhoseResultIsOfAnotherType() {
		this.script = "[{\"jsonrpc\":\"2.0\",\"id\":@1,\"result\":7},{\"jsonrpc\":\"2.0\",\"id\":@2,\"result\":3}]";

		batch().send();

		assertThat(this.second.get()).isEqualTo(3);
		assertThatExceptionOfType(RpcProtocolException.class).isThrownBy(this.first::get)
			.withMessageContaining("Depot/find")
			.satisfies((ex) -> assertThat(ex.execution()).isEqualTo(Execution.EXECUTED));
	}

	@Test
	void givesEachEntryTheErrorThatItWasAnsweredWith() {
		this.script = "[{\"jsonrpc\":\"2.0\",\"id\":@1,\"error\":{\"code\":-32014,\"message\":\"Overloaded\","
				+ "\"data\":{\"reason\":\"OVERLOADED\",\"executed\":\"no\"}}},"
				+ "{\"jsonrpc\":\"2.0\",\"id\":@2,\"error\":{\"code\":-32602,\"message\":\"Invalid params\"}}]";

		batch().send();

		assertThatExceptionOfType(RpcUnavailableException.class).isThrownBy(this.first::get)
			.withMessageContaining("Depot/find on depot was refused");
		assertThatExceptionOfType(RpcRemoteException.class).isThrownBy(this.second::get)
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo("INVALID_ARGUMENT"));
	}

	@Test
	void saysOfNoEntryThatItDidNotRunWhichMayHaveRunBefore() {
		this.script = ("[{'jsonrpc':'2.0','id':@1,'error':{'code':-32014,'message':'Overloaded',"
				+ "'data':{'reason':'OVERLOADED','executed':'no'}}},{'jsonrpc':'2.0','id':@2,'result':'y'}]")
			.replace('\'', '"');
		this.lost = true;
		RpcBatch<Depot> batch = this.consuming.getBean(RpcClient.class).batch(Depot.class, "depot");
		Entry<String> refused = batch.add((depot) -> depot.find("a"));
		Entry<String> found = batch.add((depot) -> depot.find("b"));

		batch.send();

		assertThat(found.get()).isEqualTo("y");
		assertThatExceptionOfType(RpcConnectionException.class).isThrownBy(refused::get)
			.withMessageContaining("Depot/find may have run")
			.satisfies((ex) -> assertThat(ex.execution()).isEqualTo(Execution.UNKNOWN))
			.havingCause()
			.isInstanceOf(RpcUnavailableException.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "'result':[1e1000000000]", "'error':7", "'error':{'code':1,'data':{'a':[1]},'x':2}",
			"'error':{'code':1,'message':'x','data':1e5000,'more':{}}", "'result':'x','error':{}", "'other':1",
			"'jsonrpc':'1.0','result':'x'" })
	void failsTheEntryAloneWhoseResponseIsMalformed(String members) {
		String version = members.contains("jsonrpc") ? "" : "'jsonrpc':'2.0',";
		this.script = ("[{" + version + "'id':@1," + members + "},{'jsonrpc':'2.0','id':@2,'result':3}]").replace('\'',
				'"');

		batch().send();

		assertThat(this.second.get()).isEqualTo(3);
		assertThatExceptionOfType(RpcProtocolException.class).isThrownBy(this.first::get)
			.withMessageContaining("Depot/find on depot")
			.withMessageContaining("The answer is malformed")
			.satisfies((ex) -> assertThat(ex.execution()).isEqualTo(Execution.UNKNOWN));
	}

	@Test
	void failsThoseAloneThatAreNotAnsweredWhereAnErrorNamesNobody() {
		this.script = "[{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"Invalid\"}},"
				+ "{\"jsonrpc\":\"2.0\",\"id\":@2,\"result\":3}]";

		batch().send();

		assertThat(this.second.get()).isEqualTo(3);
		assertThatExceptionOfType(RpcProtocolException.class).isThrownBy(this.first::get)
			.withMessageContaining("Depot/find on depot was not answered");
	}

	@ParameterizedTest
	@ValueSource(strings = {
			// one twice
			"[{'jsonrpc':'2.0','id':@1,'result':'x'},{'jsonrpc':'2.0','id':@1,'result':'y'}]",
			// one of nobody
			"[{'jsonrpc':'2.0','id':@1,'result':'x'},{'jsonrpc':'2.0','id':99999999,'result':3}]",
			"[{'jsonrpc':'2.0','id':@1,'result':'x'},{'jsonrpc':'2.0','id':'@2','result':3}]",
			"[{'jsonrpc':'2.0','id':@1,'result':'x'},{'jsonrpc':'2.0','id':null,'result':3}]",
			"[{'jsonrpc':'2.0','id':@1,'result':'x'},{'jsonrpc':'2.0','result':3}]",
			"[{'jsonrpc':'2.0','id':@1,'result':'x'},{'jsonrpc':'2.0','id':-1,'result':3}]",
			// no response objects
			"[{'jsonrpc':'2.0','id':@1,'result':'x'},7]", "[{'jsonrpc':'2.0','id':@1,'result':'x'}", "[[]]",
			"[{'jsonrpc':'2.0','id':@1,'error':{'code':1,'message':'x','data':{'a':}}}]",
			// no array
			"{'jsonrpc':'2.0','id':@1,'result':'x'}", "7", "" })
	void failsAsAWholeWhenTheAnswerIsMalformed(String answer) {
		this.script = answer.replace('\'', '"');

		failsWith(RpcProtocolException.class, (ex) -> ex.execution() == Execution.UNKNOWN);
	}

	@Test
	void failsAsAWholeWhenItIsRefused() {
		this.status = 413;
		this.script = "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32017,\"message\":\"Payload too large\","
				+ "\"data\":{\"reason\":\"PAYLOAD_TOO_LARGE\",\"executed\":\"no\"}}}";

		failsWith(RpcRemoteException.class, (ex) -> ex.reason().equals("PAYLOAD_TOO_LARGE"));
	}

	@Test
	void failsAsAWholeWhenAnIntermediaryAnswers() {
		this.status = 502;
		this.contentType = "text/html";
		this.script = "<html>";

		failsWith(RpcConnectionException.class, (ex) -> true);
	}

	@Test
	void failsAsAWholeWhenItIsAnsweredWithNothing() {
		this.status = 204;
		this.script = "";

		failsWith(RpcProtocolException.class, (ex) -> true);
	}

	@Test
	void failsAsAWholeAtItsDeadline() {
		this.script = null;
		this.timeout = Duration.ofMillis(200);

		failsWith(RpcDeadlineExceededException.class, (ex) -> ex.execution() == Execution.UNKNOWN);
	}

	private <X extends RpcException> void failsWith(Class<X> type, Function<X, Boolean> check) {
		RpcBatch<Depot> batch = batch();

		assertThatExceptionOfType(type).isThrownBy(batch::send)
			.withMessageContaining("Depot/(batch) on depot")
			.satisfies((ex) -> assertThat(check.apply(ex)).isTrue());

		assertThatExceptionOfType(type).isThrownBy(this.first::get);
		assertThatExceptionOfType(type).isThrownBy(this.second::get);
	}

}
