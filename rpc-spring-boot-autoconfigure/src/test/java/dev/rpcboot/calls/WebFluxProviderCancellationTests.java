package dev.rpcboot.calls;

import org.springframework.boot.WebApplicationType;

class WebFluxProviderCancellationTests extends CancellationTests {

	WebFluxProviderCancellationTests() {
		super(WebApplicationType.REACTIVE);
	}

}
