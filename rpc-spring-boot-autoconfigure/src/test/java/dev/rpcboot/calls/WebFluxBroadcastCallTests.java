package dev.rpcboot.calls;

import org.springframework.boot.WebApplicationType;

class WebFluxBroadcastCallTests extends BroadcastCallTests {

	WebFluxBroadcastCallTests() {
		super(WebApplicationType.REACTIVE);
	}

}
