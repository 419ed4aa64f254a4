package dev.rpcboot.autoconfigure.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;

import dev.rpcboot.jsonrpc.JsonRpcMapper;
import dev.rpcboot.jsonrpc.JsonRpcReader;
import dev.rpcboot.jsonrpc.JsonRpcWriter;
import dev.rpcboot.jsonrpc.RpcJsonMapperCustomizer;
import dev.rpcboot.server.CallObserver;
import dev.rpcboot.server.CallThreads;
import dev.rpcboot.server.DeadlineTimer;
import dev.rpcboot.server.ExportedService;
import dev.rpcboot.server.IdempotencyInterceptor;
import dev.rpcboot.server.RpcDispatcher;
import dev.rpcboot.server.RpcErrorResolver;
import dev.rpcboot.server.RpcServerInterceptor;
import dev.rpcboot.server.RpcService;
import dev.rpcboot.server.ServerPipeline;
import dev.rpcboot.server.StreamThreads;
import dev.rpcboot.server.idempotency.IdempotencyStore;
import dev.rpcboot.server.interceptor.DeadlineInterceptor;
import dev.rpcboot.server.interceptor.ValidationInterceptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * Exports the beans that bear {@link RpcService}. Does nothing in an application that has
 * none, or that is no web application.
 *
 * @since 0.1
 */
@AutoConfiguration(afterName = { "org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration",
		"org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration" })
@ConditionalOnWebApplication
@ConditionalOnClass(JsonMapper.class)
@ConditionalOnBooleanProperty(name = "rpc.server.enabled", matchIfMissing = true)
@ConditionalOnBean(annotation = RpcService.class)
@EnableConfigurationProperties(RpcServerProperties.class)
@Import({ ServerInterceptorConfigurations.ValidationConfiguration.class,
		ServerInterceptorConfigurations.ObservationConfiguration.class,
		ServerInterceptorConfigurations.SecurityConfiguration.class,
		ServerInterceptorConfigurations.ContextConfiguration.class,
		ServerInterceptorConfigurations.ReactiveSecurityContextConfiguration.class,
		ServerInterceptorConfigurations.LostSecurityContextConfiguration.class,
		ServerInterceptorConfigurations.ReactiveContextConfiguration.class, DrainConfiguration.class,
		IdempotencyConfigurations.JdbcStoreConfiguration.class,
		IdempotencyConfigurations.CaffeineStoreConfiguration.class,
		IdempotencyConfigurations.InterceptorConfiguration.class, ServletEndpointConfiguration.class,
		WebFluxEndpointConfiguration.class })
public final class RpcServerAutoConfiguration {

	private static final List<String> SECURITY_FILTERS = List.of("springSecurityFilterChain",
			"org.springframework.security.config.annotation.web.reactive.WebFluxSecurityConfiguration.WebFilterChainFilter");

	/**
	 * Time for streams that are about to end by themselves when the application stops.
	 */
	private static final Duration STREAM_LINGER = Duration.ofSeconds(10);

	private static final Logger logger = LoggerFactory.getLogger(RpcServerAutoConfiguration.class);

	/**
	 * Threads for what must not run on the thread of a request. Not a default candidate:
	 * the application's own executor must not step back because of this one.
	 */
	@Bean(defaultCandidate = false)
	@ConditionalOnMissingBean(name = "rpcServerExecutor")
	Executor rpcServerExecutor(RpcServerProperties properties, Environment environment) {
		if (Threading.VIRTUAL.isActive(environment)) {
			SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("rpc-server-");
			executor.setVirtualThreads(true);
			executor.setConcurrencyLimit(properties.maxThreads());
			executor.setRejectTasksWhenLimitReached(true);
			return executor;
		}
		ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
		executor.setThreadNamePrefix("rpc-server-");
		executor.setCorePoolSize(0);
		executor.setMaxPoolSize(properties.maxThreads());
		// no queue: a call that must wait for a thread is refused, and goes to another
		// instance
		executor.setQueueCapacity(0);
		executor.setRejectedExecutionHandler(new ThreadPoolExecutor.AbortPolicy());
		return executor;
	}

	/**
	 * Threads for streams that block. Its own bound is the number of streams: a thread
	 * more is needed only for a moment, while another has not quite come back.
	 */
	@Bean(defaultCandidate = false)
	@ConditionalOnMissingBean(name = "rpcServerStreamExecutor")
	Executor rpcServerStreamExecutor(Environment environment) {
		if (Threading.VIRTUAL.isActive(environment)) {
			SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("rpc-stream-");
			executor.setVirtualThreads(true);
			return executor;
		}
		ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
		executor.setThreadNamePrefix("rpc-stream-");
		executor.setCorePoolSize(0);
		executor.setQueueCapacity(0);
		// streams go on while the application stops, until their time is over
		executor.setAcceptTasksAfterContextClose(true);
		executor.setDaemon(true);
		return executor;
	}

	@Bean
	@ConditionalOnMissingBean
	StreamThreads rpcServerStreamThreads(@Qualifier("rpcServerStreamExecutor") Executor executor,
			RpcServerProperties properties, DeadlineTimer timer) {
		return new StreamThreads(executor, properties.stream().maxConcurrent(), timer);
	}

	/**
	 * The web server waits for every answer under way, and a stream may have no end.
	 */
	@Bean
	@ConditionalOnMissingBean(name = "rpcServerStreamsShutdown")
	ShutdownStep rpcServerStreamsShutdown(StreamThreads streams) {
		return new ShutdownStep(ShutdownStep.LAST_REQUESTS, (done) -> streams.drain(STREAM_LINGER, done));
	}

	@Bean
	@ConditionalOnMissingBean
	DeadlineTimer rpcServerDeadlineTimer() {
		return new DeadlineTimer();
	}

	@Bean
	@ConditionalOnMissingBean
	DeadlineInterceptor rpcServerDeadlineInterceptor(DeadlineTimer timer) {
		return new DeadlineInterceptor(timer);
	}

	@Bean
	@ConditionalOnMissingBean
	ServerPipeline rpcServerPipeline(DeadlineInterceptor deadline, ObjectProvider<RpcServerInterceptor> interceptors,
			ObjectProvider<ValidationInterceptor> validation, ObjectProvider<IdempotencyInterceptor> idempotency) {
		List<RpcServerInterceptor> users = interceptors.orderedStream()
			.filter((one) -> !(one instanceof DeadlineInterceptor) && !(one instanceof ValidationInterceptor)
					&& !(one instanceof IdempotencyInterceptor))
			.toList();
		return ServerPipeline.of(deadline, users, validation.getIfAvailable(), idempotency.getIfAvailable());
	}

	/**
	 * Waits for the one-way calls that were accepted.
	 */
	@Bean
	@ConditionalOnMissingBean(name = "rpcServerAcceptedCallsShutdown")
	ShutdownStep rpcServerAcceptedCallsShutdown(ObjectProvider<RpcDispatcher> dispatcher) {
		return new ShutdownStep(ShutdownStep.LAST_WORK, (done) -> dispatcher.getObject().whenAcceptedCallsEnd(done));
	}

	@Bean
	@ConditionalOnMissingBean
	RpcDispatcher rpcDispatcher(RpcServerProperties properties, Environment environment,
			ConfigurableListableBeanFactory beans, ServerPipeline pipeline, CallThreads threads, StreamThreads streams,
			ObjectProvider<RpcJsonMapperCustomizer> customizers, ObjectProvider<CallObserver> observer,
			ObjectProvider<RpcErrorResolver> resolvers, ObjectProvider<IdempotencyStore> keys) {
		JsonRpcMapper mapper = JsonRpcMapper.create(properties.toLimits(), customizers.orderedStream().toList());
		List<ExportedService> services = new ServiceExporter(beans, mapper).export();
		LostStreamCaller.refuse(services, threads, beans.getBeanClassLoader());
		KeyedMethods.check(services, keys.getIfAvailable());
		RpcDispatcher dispatcher = new RpcDispatcher(
				properties.toSettings(WebServerThreads.available(threads, environment)), services,
				new JsonRpcReader(properties.toLimits()), new JsonRpcWriter(mapper), pipeline,
				observer.getIfAvailable(() -> CallObserver.NONE), resolvers.orderedStream().toList(), threads, streams);
		logger.info("Exported {} at {}", services, properties.path());
		if (properties.warnIfUnauthenticated() && SECURITY_FILTERS.stream().noneMatch(beans::containsBean)) {
			logger.warn("Services are exported without authentication: anyone who can reach {}/* can call {}."
					+ " Add Spring Security, or set rpc.server.warn-if-unauthenticated=false if something in front"
					+ " of this application authenticates callers.", properties.path(), services);
		}
		return dispatcher;
	}

}
