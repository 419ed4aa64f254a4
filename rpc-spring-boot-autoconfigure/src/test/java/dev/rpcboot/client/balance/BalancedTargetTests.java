package dev.rpcboot.client.balance;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.Resilience;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.TestRequests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClientsProperties;
import org.springframework.cloud.client.loadbalancer.LoadBalancerProperties;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which list of instances a call is served by.
 */
@Timeout(30)
class BalancedTargetTests {

	private static final Duration IDLE = Duration.ofSeconds(71);

	private final SimulatedTarget simulated = new SimulatedTarget();

	private final List<Boolean> asked = new CopyOnWriteArrayList<>();

	private volatile Mono<List<ServiceInstance>> registry = listing("old");

	private final BalancedTarget target = target(new Supplier());

	@Test
	void asksTheRegistryBeforeTheFirstCallAfterAnIdleTime() throws Exception {
		choose();
		this.simulated.clock.advance(IDLE);
		this.registry = listing("new").delayElement(Duration.ofMillis(20));

		String chosen = choose();

		assertThat(chosen).isEqualTo("new");
		assertThat(this.asked).containsExactly(false, true);
	}

	@Test
	void allCallsAfterAnIdleTimeWaitForOneAnswer() throws Exception {
		choose();
		this.simulated.clock.advance(IDLE);
		Sinks.One<List<ServiceInstance>> answer = Sinks.one();
		this.registry = answer.asMono();
		CompletableFuture<? extends Choice> one = this.target.choose(call());
		CompletableFuture<? extends Choice> other = this.target.choose(call());

		answer.tryEmitValue(List.of(SimulatedTarget.instance("new", Map.of())));

		assertThat(one.get(5, TimeUnit.SECONDS).instance().id()).isEqualTo("new");
		assertThat(other.get(5, TimeUnit.SECONDS).instance().id()).isEqualTo("new");
		assertThat(this.asked).hasSize(2);
	}

	@Test
	void usesTheOldListAfterAnIdleTimeIfTheRegistryFails() throws Exception {
		choose();
		this.simulated.clock.advance(IDLE);
		this.registry = Mono.error(new IllegalStateException("registry is down"));

		String chosen = choose();

		assertThat(chosen).isEqualTo("old");
	}

	@Test
	void waitsOnceAndNotLongForARegistryThatHangsAfterAnIdleTime() throws Exception {
		choose();
		this.simulated.clock.advance(IDLE);
		this.registry = Mono.never();

		String chosen = choose();

		assertThat(chosen).isEqualTo("old");
		assertThat(this.target.choose(call())).isDone();
	}

	@Test
	void doesNotWaitForTheRegistryWhileThereAreCalls() throws Exception {
		choose();
		this.registry = Mono.never();
		this.simulated.clock.advance(IDLE.minusSeconds(2));

		CompletableFuture<? extends Choice> choice = this.target.choose(call());

		assertThat(choice).isDone();
		assertThat(choice.join().instance().id()).isEqualTo("old");
	}

	@Test
	void asksForEachRequestOnTheThreadOfACallerWhoWaits() throws Exception {
		ByRequest supplier = new ByRequest();

		target(supplier).choose(call()).get(5, TimeUnit.SECONDS);

		assertThat(supplier.threads).containsExactly(Thread.currentThread());
	}

	@Test
	void asksForEachRequestElsewhereForACallerWhoDoesNotWait() throws Exception {
		ByRequest supplier = new ByRequest();
		CallContext context = new CallContext(Deadline.after(Duration.ofSeconds(5), NanoClock.SYSTEM), false,
				Runnable::run);
		RpcRequest call = TestRequests.in(context, TestRequests.SETTINGS, "find", "a");

		target(supplier).choose(call).get(5, TimeUnit.SECONDS);

		assertThat(supplier.threads).hasSize(1).doesNotContain(Thread.currentThread());
	}

	@Test
	void asksForEachRequestElsewhereForAReactiveClientOfSpringCloud() {
		ByRequest supplier = new ByRequest();
		AtomicReference<Thread> caller = new AtomicReference<>();

		Mono.defer(() -> {
			caller.set(Thread.currentThread());
			return target(supplier).pick(Resilience.DEFAULTS.balancing(), new DefaultRequest<>());
		}).subscribeOn(Schedulers.parallel()).block(Duration.ofSeconds(5));

		assertThat(supplier.threads).hasSize(1).doesNotContain(caller.get());
	}

	private String choose() throws Exception {
		return this.target.choose(call()).get(5, TimeUnit.SECONDS).instance().id();
	}

	private static RpcRequest call() {
		return TestRequests.of("find", "a");
	}

	private static Mono<List<ServiceInstance>> listing(String id) {
		return Mono.just(List.of(SimulatedTarget.instance(id, Map.of())));
	}

	private BalancedTarget target(ServiceInstanceListSupplier supplier) {
		InstanceList list = new InstanceList("warehouse", (pastCache) -> {
			this.asked.add(pastCache);
			return this.registry;
		}, this.simulated.balancer, this.simulated.clock);
		return new BalancedTarget(this.simulated.balancer, list, new SupplierChain(supplier, null),
				new LifecycleCallbacks(new WithoutCallbacks(), "warehouse"));
	}

	private static class Supplier implements ServiceInstanceListSupplier {

		@Override
		public String getServiceId() {
			return "warehouse";
		}

		@Override
		public Flux<List<ServiceInstance>> get() {
			return Flux.error(new AssertionError("asked without the list"));
		}

	}

	private static final class ByRequest extends Supplier {

		final List<Thread> threads = new CopyOnWriteArrayList<>();

		@Override
		// raw in the interface
		@SuppressWarnings("rawtypes")
		public Flux<List<ServiceInstance>> get(Request request) {
			this.threads.add(Thread.currentThread());
			return Flux.just(List.of(SimulatedTarget.instance("a", Map.of())));
		}

	}

	private static final class WithoutCallbacks extends LoadBalancerClientFactory {

		WithoutCallbacks() {
			super(new LoadBalancerClientsProperties());
		}

		@Override
		public <T> Map<String, T> getInstances(String name, Class<T> type) {
			return Map.of();
		}

		@Override
		public LoadBalancerProperties getProperties(String name) {
			return new LoadBalancerProperties();
		}

	}

}
