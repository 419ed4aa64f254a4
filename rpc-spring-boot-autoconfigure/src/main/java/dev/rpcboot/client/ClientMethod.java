package dev.rpcboot.client;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.jsonrpc.ClientCodec;
import dev.rpcboot.jsonrpc.MalformedAnswerException;
import org.jspecify.annotations.Nullable;

/**
 * A remote method of one reference, with all that is prepared for its calls.
 */
final class ClientMethod {

	private static final int MAX_REMEMBERED_ADDRESSES = 256;

	private final ContractMethod contract;

	private final String target;

	private final CallSettings settings;

	private final ClientCodec codec;

	private final boolean sharesResults;

	private final String description;

	private final Map<URI, URI> uris = new ConcurrentHashMap<>();

	ClientMethod(ContractMethod contract, String target, CallSettings settings, ClientCodec codec) {
		this.contract = contract;
		this.target = target;
		this.settings = settings;
		this.codec = codec;
		this.sharesResults = settings.cache() != null && ImmutableTypes.isImmutable(contract.resultType());
		this.description = contract.fullName() + " on " + target;
	}

	ContractMethod contract() {
		return this.contract;
	}

	String target() {
		return this.target;
	}

	CallSettings settings() {
		return this.settings;
	}

	ClientCodec codec() {
		return this.codec;
	}

	/**
	 * Where an instance serves the contract.
	 */
	URI uri(RpcInstance instance) {
		URI uri = this.uris.get(instance.endpoint());
		if (uri == null) {
			uri = URI.create(instance.endpoint() + "/" + this.contract.service());
			if (this.uris.size() >= MAX_REMEMBERED_ADDRESSES) {
				this.uris.clear();
			}
			this.uris.put(instance.endpoint(), uri);
		}
		return uri;
	}

	/**
	 * Decodes a result for one caller. Callers who are given the same kept answer share
	 * the value where nobody can change it, else each gets its own.
	 */
	@Nullable Object decode(RpcResponse response) {
		try {
			return this.sharesResults ? this.codec.decodeShared(response.result())
					: this.codec.decodeResult(response.result());
		}
		catch (MalformedAnswerException ex) {
			throw new RpcProtocolException(
					this + " was answered with a result that does not fit " + this.contract.resultType().getTypeName()
							+ ": " + ex.getMessage() + ". Compare the contract with the provider's",
					Execution.EXECUTED, ex);
		}
	}

	@Override
	public String toString() {
		return this.description;
	}

}
