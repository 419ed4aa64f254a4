package dev.rpcboot.server.interceptor;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

import dev.rpcboot.RpcViolation;
import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.JsonRpcError;
import dev.rpcboot.server.RpcCallException;
import dev.rpcboot.server.RpcInvocation;
import dev.rpcboot.server.RpcServerInterceptor;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import jakarta.validation.metadata.MethodDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Refuses arguments that break the constraints which the contract puts on them, before
 * the method is entered.
 *
 * @since 0.1
 */
public final class ValidationInterceptor implements RpcServerInterceptor {

	private final Validator validator;

	// few, and known after the first calls; most methods have no constraint
	private final Map<ContractMethod, Boolean> constrained = new ConcurrentHashMap<>();

	public ValidationInterceptor(Validator validator) {
		this.validator = validator;
	}

	@Override
	public CompletionStage<@Nullable Object> intercept(RpcInvocation invocation, Chain chain) {
		if (this.constrained.computeIfAbsent(invocation.method(), (method) -> isConstrained(invocation))) {
			Set<ConstraintViolation<Object>> violations = this.validator.forExecutables()
				.validateParameters(invocation.bean(), invocation.method().method(), invocation.arguments().toArray());
			if (!violations.isEmpty()) {
				throw new RpcCallException(
						JsonRpcError.of(RpcStatus.INVALID_ARGUMENT).withViolations(describe(violations, invocation)));
			}
		}
		return chain.proceed(invocation);
	}

	private boolean isConstrained(RpcInvocation invocation) {
		MethodDescriptor descriptor = this.validator.getConstraintsForClass(invocation.bean().getClass())
			.getConstraintsForMethod(invocation.method().method().getName(),
					invocation.method().method().getParameterTypes());
		return descriptor != null && descriptor.hasConstrainedParameters();
	}

	private static List<RpcViolation> describe(Set<ConstraintViolation<Object>> violations, RpcInvocation invocation) {
		// the path begins with the method's own name, which is no part of the caller's
		// terms
		int start = invocation.method().method().getName().length() + 1;
		return violations.stream()
			.map((violation) -> new RpcViolation(violation.getPropertyPath().toString().substring(start),
					violation.getConstraintDescriptor().getAnnotation().annotationType().getSimpleName(),
					violation.getMessage()))
			.sorted(Comparator.comparing(RpcViolation::path).thenComparing(RpcViolation::rule))
			.toList();
	}

}
