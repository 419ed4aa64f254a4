package dev.rpcboot.calls;

import org.springframework.boot.WebApplicationType;

class WebFluxProviderAsyncCallTests extends LeftoversTests {

	WebFluxProviderAsyncCallTests() {
		super(WebApplicationType.REACTIVE);
	}

}
