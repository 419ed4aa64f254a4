package dev.rpcboot.server;

import java.util.List;

import dev.rpcboot.RpcContract;
import dev.rpcboot.RpcMethod;

/**
 * The service that the examples of JSON-RPC 2.0 call.
 */
@RpcContract("spec")
interface SpecService {

	int subtract(int minuend, int subtrahend);

	int sum(int a, int b, int c);

	void update(int a, int b, int c, int d, int e);

	@RpcMethod("notify_hello")
	void notifyHello(int n);

	@RpcMethod(value = "get_data", untyped = true)
	List<Object> getData();

}
