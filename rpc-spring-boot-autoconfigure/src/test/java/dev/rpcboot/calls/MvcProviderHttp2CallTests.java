package dev.rpcboot.calls;

import org.springframework.boot.WebApplicationType;

class MvcProviderHttp2CallTests extends Http2CallTests {

	MvcProviderHttp2CallTests() {
		super(WebApplicationType.SERVLET);
	}

}
