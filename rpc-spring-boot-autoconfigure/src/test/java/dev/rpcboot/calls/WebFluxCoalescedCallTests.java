package dev.rpcboot.calls;

import org.springframework.boot.WebApplicationType;

class WebFluxCoalescedCallTests extends CoalescedCallTests {

	WebFluxCoalescedCallTests() {
		super(WebApplicationType.REACTIVE);
	}

}
