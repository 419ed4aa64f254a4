package dev.rpcboot.calls;

import org.springframework.boot.WebApplicationType;

class WebFluxProviderOneWayTests extends OneWayTests {

	WebFluxProviderOneWayTests() {
		super(WebApplicationType.REACTIVE);
	}

}
