package dev.rpcboot.client.transport;

import dev.rpcboot.call.RpcHeaders;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HttpHeadersTests {

	@Test
	void passesOnWhatACallerMayActOn() {
		BasicHttpResponse response = new BasicHttpResponse(429);
		response.addHeader("retry-after", "3");
		response.addHeader("Rpc-Status", "RATE_LIMITED");
		response.addHeader("Set-Cookie", "a=b");

		RpcHeaders headers = HttpHeaders.read(response);

		assertThat(headers.first("Retry-After")).isEqualTo("3");
		assertThat(headers.first("Rpc-Status")).isEqualTo("RATE_LIMITED");
		assertThat(headers.first("Set-Cookie")).isNull();
	}

	@Test
	void leavesOutNamesAndValuesThatNoHeaderOfOursMayHave() {
		BasicHttpResponse response = new BasicHttpResponse(200);
		response.addHeader("Rpc-(x)", "1");
		response.addHeader("Rpc-Status", "J\u00fcrgen");

		RpcHeaders headers = HttpHeaders.read(response);

		assertThat(headers.isEmpty()).isTrue();
	}

}
