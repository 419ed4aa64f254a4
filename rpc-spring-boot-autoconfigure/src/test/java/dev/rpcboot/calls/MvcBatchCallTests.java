package dev.rpcboot.calls;

import org.springframework.boot.WebApplicationType;

class MvcBatchCallTests extends BatchCallTests {

	MvcBatchCallTests() {
		super(WebApplicationType.SERVLET);
	}

}
