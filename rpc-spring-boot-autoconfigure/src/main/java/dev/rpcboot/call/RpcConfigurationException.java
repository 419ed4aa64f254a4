package dev.rpcboot.call;

/**
 * A mistake that is found when the application starts: in a contract, a service, a
 * reference or a property. It always comes with the way to mend it.
 *
 * @since 0.1
 */
public final class RpcConfigurationException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	private final String description;

	private final String action;

	/**
	 * Creates one.
	 * @param description what is wrong, and where: a sentence
	 * @param action how to mend it: a sentence that names the annotation, the property or
	 * the compiler flag to use
	 */
	public RpcConfigurationException(String description, String action) {
		super(description + " " + action);
		this.description = description;
		this.action = action;
	}

	/**
	 * What is wrong, and where.
	 */
	public String description() {
		return this.description;
	}

	/**
	 * How to mend it.
	 */
	public String action() {
		return this.action;
	}

}
