package dev.rpcboot.calls;

import org.springframework.boot.WebApplicationType;

class MvcProviderLeftoversTests extends LeftoversTests {

	MvcProviderLeftoversTests() {
		super(WebApplicationType.SERVLET);
	}

}
