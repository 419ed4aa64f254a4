package dev.rpcboot.calls;

import org.springframework.boot.WebApplicationType;

class WebFluxBatchCallTests extends BatchCallTests {

	WebFluxBatchCallTests() {
		super(WebApplicationType.REACTIVE);
	}

}
