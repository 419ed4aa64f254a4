package dev.rpcboot.calls;

import org.springframework.boot.WebApplicationType;

class MvcProviderCancellationTests extends CancellationTests {

	MvcProviderCancellationTests() {
		super(WebApplicationType.SERVLET);
	}

}
