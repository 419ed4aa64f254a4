package dev.rpcboot.server;

import java.util.List;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class SpecApplication {

	@Bean
	@RpcService
	SpecService spec() {
		return new Spec();
	}

	static class Spec implements SpecService {

		@Override
		public int subtract(int minuend, int subtrahend) {
			return minuend - subtrahend;
		}

		@Override
		public int sum(int a, int b, int c) {
			return a + b + c;
		}

		@Override
		public void update(int a, int b, int c, int d, int e) {
		}

		@Override
		public void notifyHello(int n) {
		}

		@Override
		public List<Object> getData() {
			return List.of("hello", 5);
		}

	}

}
