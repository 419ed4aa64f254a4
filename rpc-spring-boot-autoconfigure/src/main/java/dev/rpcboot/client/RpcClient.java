package dev.rpcboot.client;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import dev.rpcboot.call.Contract;
import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.ContractMethod.ReturnKind;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.jsonrpc.ClientCodec;
import dev.rpcboot.jsonrpc.JsonRpcMapper;

import org.springframework.util.ReflectionUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Makes references, proxies of a contract whose calls go to a target, and calls that an
 * application writes out itself: batches, broadcasts, and calls without the contract. A
 * bean of the application, to be injected like any other. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class RpcClient {

	private final JsonRpcMapper mapper;

	private final Supplier<ClientPipeline> pipeline;

	private final CallSettingsResolver settings;

	private final FallbackResolver fallbacks;

	private final Executor executor;

	private final DirectCalls direct;

	/**
	 * Creates a client.
	 * @param mapper encodes arguments and results
	 * @param transport carries encoded requests
	 * @param interceptors gives the stages, in Spring's order, which holds among those of
	 * one {@link ClientStage}; asked at the first call, because an interceptor may itself
	 * use a reference
	 * @param settings knows how each method is called
	 * @param fallbacks knows what stands in for a target
	 * @param executor runs what asynchronous callers hang on their results
	 * @param timer notices streams that are silent for too long
	 */
	public RpcClient(JsonRpcMapper mapper, RpcTransport transport, Supplier<List<RpcClientInterceptor>> interceptors,
			CallSettingsResolver settings, FallbackResolver fallbacks, Executor executor, CallTimer timer) {
		this.mapper = mapper;
		this.pipeline = SingletonSupplier
			.of(() -> new ClientPipeline(interceptors.get(), new JsonRpcExchange(transport, timer)));
		this.settings = settings;
		this.fallbacks = fallbacks;
		this.executor = executor;
		this.direct = new DirectCalls(mapper, this.pipeline, settings, executor);
	}

	/**
	 * Creates a reference. Nothing is connected to yet.
	 * @throws dev.rpcboot.call.RpcConfigurationException if the contract cannot be called
	 * remotely, or its settings contradict it
	 */
	public <T> T reference(Class<T> type, String target) {
		Contract contract = Contract.of(type);
		RemoteMethods<ReturnAdapter> remote = new RemoteMethods<>(type, contract,
				(method) -> adapter(type, method, target));
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				new Reference(type, target, remote)));
	}

	/**
	 * Starts a batch: several calls that are sent together.
	 * @throws dev.rpcboot.call.RpcConfigurationException if the contract cannot be called
	 * remotely, or its settings contradict it
	 */
	public <T> RpcBatch<T> batch(Class<T> contract, String target) {
		return new RpcBatch<>(this.direct, this.direct.contract(contract, target));
	}

	/**
	 * Prepares calls of all instances of a target at once.
	 * @throws dev.rpcboot.call.RpcConfigurationException if the contract cannot be called
	 * remotely, or its settings contradict it
	 */
	public <T> RpcBroadcast<T> broadcast(Class<T> contract, String target) {
		return new RpcBroadcast<>(this.direct, this.direct.contract(contract, target), BroadcastPolicy.ALL, null);
	}

	/**
	 * Prepares calls of a service without its contract's interface. What is made for a
	 * target, such as its circuit breaker and its load balancer, is kept for good, and
	 * names stand in observations: whoever takes them from outside must let only those
	 * pass that it knows.
	 * @param target what is called
	 * @param service its name on the wire
	 * @throws IllegalArgumentException if no service can be called so
	 */
	public RpcGenericService generic(String target, String service) {
		return new RpcGenericService(this.direct, target, service);
	}

	private ReturnAdapter adapter(Class<?> type, ContractMethod method, String target) {
		CallSettings settings = this.settings.resolve(target, method);
		ClientCodec codec = new ClientCodec(this.mapper, method);
		CallForm call = new CallForm(method, codec,
				settings.cache() != null && ImmutableTypes.isImmutable(method.resultType()));
		WireForm form = method.returnKind().isStream() ? new StreamForm(call, codec)
				: method.oneWay() ? new NotificationForm(codec) : call;
		CallStarter starter = new CallStarter(new ClientMethod(method, target, settings, form), this.pipeline,
				NanoClock.SYSTEM);
		ReflectionUtils.makeAccessible(method.method());
		Fallback fallback = new Fallback(method.method(), () -> this.fallbacks.fallback(type, target));
		if (form instanceof StreamForm stream) {
			return (method.returnKind() == ReturnKind.FLUX)
					? new FluxReturnAdapter(starter, stream, fallback, this.executor)
					: new IteratorReturnAdapter(starter, stream, fallback, method.returnKind() == ReturnKind.STREAM);
		}
		if (method.returnKind() == ReturnKind.VALUE) {
			return new BlockingReturnAdapter(starter, fallback);
		}
		FutureReturnAdapter future = new FutureReturnAdapter(starter, fallback, this.executor);
		return (method.returnKind() == ReturnKind.FUTURE) ? future : new MonoReturnAdapter(future);
	}

}
