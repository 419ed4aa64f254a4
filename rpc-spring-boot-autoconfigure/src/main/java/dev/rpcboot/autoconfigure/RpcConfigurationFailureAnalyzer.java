package dev.rpcboot.autoconfigure;

import dev.rpcboot.call.RpcConfigurationException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Prints a {@link RpcConfigurationException} as what is wrong and how to mend it, however
 * deep it is buried in failures of beans.
 */
final class RpcConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<RpcConfigurationException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, RpcConfigurationException cause) {
		return new FailureAnalysis(cause.description(), cause.action(), cause);
	}

}
