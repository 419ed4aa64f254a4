package dev.rpcboot.calls;

import org.springframework.boot.WebApplicationType;

class MvcGenericCallTests extends GenericCallTests {

	MvcGenericCallTests() {
		super(WebApplicationType.SERVLET);
	}

}
