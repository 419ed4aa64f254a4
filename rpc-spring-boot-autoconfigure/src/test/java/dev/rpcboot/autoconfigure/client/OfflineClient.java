package dev.rpcboot.autoconfigure.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.client.CallSettingsResolver;
import dev.rpcboot.client.CallTimer;
import dev.rpcboot.client.FallbackResolver;
import dev.rpcboot.client.RpcClient;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.RpcTransport;
import dev.rpcboot.jsonrpc.JsonRpcLimits;
import dev.rpcboot.jsonrpc.JsonRpcMapper;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A client whose calls never leave the process.
 */
@Configuration(proxyBeanMethods = false)
class OfflineClient {

	@Bean
	RpcClient rpcClient(CallSettingsResolver settings, FallbackResolver fallbacks) {
		RpcTransport offline = (message, context) -> CompletableFuture.failedFuture(
				new RpcUnavailableException("offline", RpcUnavailableException.Reason.NO_INSTANCE, (Throwable) null));
		RpcClientInterceptor refusing = (request, chain) -> CompletableFuture.failedFuture(new RpcUnavailableException(
				request + " is offline", RpcUnavailableException.Reason.NO_INSTANCE, (Throwable) null));
		return new RpcClient(JsonRpcMapper.create(JsonRpcLimits.DEFAULTS, List.of()), offline, () -> List.of(refusing),
				settings, fallbacks, Runnable::run, new CallTimer());
	}

}
