package dev.rpcboot.benchmark;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Starts, and says so.
 */
@SpringBootApplication
public class EmptyApplication {

	public static void main(String[] args) {
		SpringApplication.run(EmptyApplication.class, args);
		System.out.println("benchmark: started");
	}

}
