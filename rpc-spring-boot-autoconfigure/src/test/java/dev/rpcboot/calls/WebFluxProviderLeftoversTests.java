package dev.rpcboot.calls;

import org.springframework.boot.WebApplicationType;

class WebFluxProviderLeftoversTests extends LeftoversTests {

	WebFluxProviderLeftoversTests() {
		super(WebApplicationType.REACTIVE);
	}

}
