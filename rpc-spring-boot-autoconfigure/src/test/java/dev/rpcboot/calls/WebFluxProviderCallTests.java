package dev.rpcboot.calls;

import org.springframework.boot.WebApplicationType;

class WebFluxProviderCallTests extends CallTests {

	WebFluxProviderCallTests() {
		super(WebApplicationType.REACTIVE);
	}

}
