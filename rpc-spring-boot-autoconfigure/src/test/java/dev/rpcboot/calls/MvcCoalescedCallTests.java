package dev.rpcboot.calls;

import org.springframework.boot.WebApplicationType;

class MvcCoalescedCallTests extends CoalescedCallTests {

	MvcCoalescedCallTests() {
		super(WebApplicationType.SERVLET);
	}

}
