package dev.rpcboot.autoconfigure.server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.client.serviceregistry.AbstractAutoServiceRegistration;
import org.springframework.cloud.client.serviceregistry.AutoServiceRegistration;
import org.springframework.context.Lifecycle;

/**
 * Takes the application out of Spring Cloud's registries. They would do so themselves,
 * but most of them after the web server has stopped; what is stopped here they do not
 * stop again.
 */
final class RegistryDeparture implements DrainConfiguration.Departure {

	private static final Logger logger = LoggerFactory.getLogger(RegistryDeparture.class);

	private final ObjectProvider<AutoServiceRegistration> registrations;

	RegistryDeparture(ObjectProvider<AutoServiceRegistration> registrations) {
		this.registrations = registrations;
	}

	@Override
	public void leave() {
		this.registrations.forEach(RegistryDeparture::leave);
	}

	private static void leave(AutoServiceRegistration registration) {
		try {
			stop(registration);
		}
		catch (RuntimeException ex) {
			// of a registry that cannot be reached; callers are told by refusals then
			logger.warn("The application could not be taken out of discovery before it stops", ex);
		}
	}

	private static void stop(AutoServiceRegistration registration) {
		if (registration instanceof AbstractAutoServiceRegistration<?> usual) {
			usual.stop();
		}
		else if (registration instanceof Lifecycle own && own.isRunning()) {
			own.stop();
		}
	}

}
