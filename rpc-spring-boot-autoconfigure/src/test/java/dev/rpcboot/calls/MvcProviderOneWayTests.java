package dev.rpcboot.calls;

import org.springframework.boot.WebApplicationType;

class MvcProviderOneWayTests extends OneWayTests {

	MvcProviderOneWayTests() {
		super(WebApplicationType.SERVLET);
	}

}
