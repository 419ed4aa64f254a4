package dev.rpcboot.calls;

import org.springframework.boot.WebApplicationType;

class MvcBroadcastCallTests extends BroadcastCallTests {

	MvcBroadcastCallTests() {
		super(WebApplicationType.SERVLET);
	}

}
