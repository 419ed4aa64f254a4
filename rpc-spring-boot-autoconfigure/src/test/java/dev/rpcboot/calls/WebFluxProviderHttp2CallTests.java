package dev.rpcboot.calls;

import org.springframework.boot.WebApplicationType;

class WebFluxProviderHttp2CallTests extends Http2CallTests {

	WebFluxProviderHttp2CallTests() {
		super(WebApplicationType.REACTIVE);
	}

}
