package dev.rpcboot.calls;

import org.springframework.boot.WebApplicationType;

class MvcProviderAsyncCallTests extends AsyncCallTests {

	MvcProviderAsyncCallTests() {
		super(WebApplicationType.SERVLET);
	}

}
