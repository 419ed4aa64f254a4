package dev.rpcboot.calls;

import org.springframework.boot.WebApplicationType;

class WebFluxProviderAsyncCallTests extends AsyncCallTests {

	WebFluxProviderAsyncCallTests() {
		super(WebApplicationType.REACTIVE);
	}

}
