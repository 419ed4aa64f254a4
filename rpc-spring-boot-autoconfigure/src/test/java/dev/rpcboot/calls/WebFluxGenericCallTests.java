package dev.rpcboot.calls;

import org.springframework.boot.WebApplicationType;

class WebFluxGenericCallTests extends GenericCallTests {

	WebFluxGenericCallTests() {
		super(WebApplicationType.REACTIVE);
	}

}
