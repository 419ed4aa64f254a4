package dev.rpcboot.calls;

import org.springframework.boot.WebApplicationType;

class MvcProviderAsyncCallTests extends LeftoversTests {

	MvcProviderAsyncCallTests() {
		super(WebApplicationType.SERVLET);
	}

}
