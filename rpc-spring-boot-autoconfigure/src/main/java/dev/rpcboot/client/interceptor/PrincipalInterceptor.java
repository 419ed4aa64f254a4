package dev.rpcboot.client.interceptor;

import java.util.concurrent.CompletableFuture;

import dev.rpcboot.client.CallSettings;
import dev.rpcboot.client.CallerIdentity;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;

import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Tells the cache on whose behalf a call is made, where a method's answers are kept per
 * principal: the whole authentication, because the same name with other authorities may
 * be given another answer.
 *
 * @since 0.1
 */
public final class PrincipalInterceptor implements RpcClientInterceptor {

	@Override
	public CompletableFuture<RpcResponse> intercept(RpcRequest request, Chain chain) {
		CallSettings.Cache cache = request.settings().cache();
		if (cache == null || cache.scope() != CallSettings.Scope.PRINCIPAL) {
			return chain.proceed(request);
		}
		Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
		return chain.proceed((authentication != null)
				? request.withAttribute(CallerIdentity.class, new CallerIdentity(authentication)) : request);
	}

}
