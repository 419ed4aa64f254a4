package dev.rpcboot.faults.process;

/**
 * On what a provider serves.
 */
public enum WebStack {

	/** Spring MVC's. */
	TOMCAT("servlet"),

	/** Spring WebFlux's. */
	NETTY("reactive");

	private final String applicationType;

	WebStack(String applicationType) {
		this.applicationType = applicationType;
	}

	String applicationType() {
		return this.applicationType;
	}

}
