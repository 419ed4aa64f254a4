package dev.rpcboot.jsonrpc;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.module.blackbird.BlackbirdModule;

/**
 * Reads and makes records and beans without reflection, by Jackson's Blackbird. It may be
 * absent, and a native image cannot make the classes that it makes.
 */
final class FastAccess {

	private static final boolean POSSIBLE = isPresent()
			&& System.getProperty("org.graalvm.nativeimage.imagecode") == null;

	private FastAccess() {
	}

	static boolean isPossible() {
		return POSSIBLE;
	}

	static void addTo(JsonMapper.Builder builder) {
		Blackbird.addTo(builder);
	}

	private static boolean isPresent() {
		try {
			Class.forName("tools.jackson.module.blackbird.BlackbirdModule", false, FastAccess.class.getClassLoader());
			return true;
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

	/**
	 * Of a class of its own, which is loaded only where there is the library.
	 */
	private static final class Blackbird {

		private Blackbird() {
		}

		static void addTo(JsonMapper.Builder builder) {
			builder.addModule(new BlackbirdModule());
		}

	}

}
