package dev.rpcboot.call;

import java.util.regex.Pattern;

/**
 * What services and methods may be called on the wire.
 *
 * @since 0.1
 */
public final class WireNames {

	private static final Pattern SERVICE = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,127}");

	private static final int MAX_METHOD = 256;

	private static final String RESERVED = "rpc.";

	private WireNames() {
	}

	/**
	 * Whether a service may be called so: a letter, then up to 127 letters, digits, dots,
	 * underscores or hyphens, so that it can stand in a URL.
	 */
	public static boolean isService(String name) {
		return SERVICE.matcher(name).matches();
	}

	/**
	 * Whether a method may be called so: anything of at most 256 characters but what the
	 * protocol reserves.
	 */
	public static boolean isMethod(String name) {
		return !name.isEmpty() && name.length() <= MAX_METHOD && !name.startsWith(RESERVED);
	}

}
