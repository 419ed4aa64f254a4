package dev.rpcboot.calls;

import org.springframework.boot.WebApplicationType;

class MvcProviderCallTests extends CallTests {

	MvcProviderCallTests() {
		super(WebApplicationType.SERVLET);
	}

}
