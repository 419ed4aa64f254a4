package dev.rpcboot.compression;

import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * The codings that this process knows, and the choice among them. Immutable.
 *
 * @since 0.1
 */
public final class ContentCodings {

	private static final String IDENTITY = "identity";

	private final List<ContentCoding> preferred;

	private final String names;

	private ContentCodings(List<ContentCoding> preferred) {
		this.preferred = preferred;
		this.names = String.join(", ", preferred.stream().map(ContentCoding::name).toList());
	}

	/**
	 * All that there are: gzip, and before it zstd if its library is there and can be
	 * loaded.
	 */
	public static ContentCodings available() {
		return Available.CODINGS;
	}

	/**
	 * Their names, best first, as {@code Accept-Encoding} has them.
	 */
	public String names() {
		return this.names;
	}

	/**
	 * Whether the headers say that a message is encoded at all.
	 */
	public static boolean isEncoded(List<String> contentEncodings) {
		return !contentEncodings.stream().allMatch((one) -> one.equalsIgnoreCase(IDENTITY));
	}

	/**
	 * The coding of a message.
	 * @param contentEncodings values of its {@code Content-Encoding} headers
	 * @return the one coding that they name, or {@code null} if there is none, it is not
	 * known, or there are several
	 */
	public @Nullable ContentCoding of(List<String> contentEncodings) {
		if (contentEncodings.size() != 1) {
			return null;
		}
		String name = contentEncodings.get(0).strip().toLowerCase(Locale.ROOT);
		return named(name.equals("x-gzip") ? "gzip" : name);
	}

	private @Nullable ContentCoding named(String name) {
		for (ContentCoding coding : this.preferred) {
			if (coding.name().equals(name)) {
				return coding;
			}
		}
		return null;
	}

	/**
	 * Chooses a coding for a message.
	 * @param acceptEncodings values of the {@code Accept-Encoding} headers of whoever is
	 * to read it
	 */
	public Choice choose(List<String> acceptEncodings) {
		if (acceptEncodings.isEmpty()) {
			return Choice.NONE;
		}
		AcceptEncoding accepted = new AcceptEncoding(acceptEncodings);
		ContentCoding best = null;
		int weight = 0;
		for (ContentCoding coding : this.preferred) {
			if (accepted.of(coding.name()) > weight) {
				best = coding;
				weight = accepted.of(coding.name());
			}
		}
		return (best != null && weight >= accepted.ofIdentity()) ? new Choice(best, accepted.refusesIdentity())
				: Choice.NONE;
	}

	/**
	 * What was chosen.
	 *
	 * @param coding the coding, or {@code null} to leave the message as it is
	 * @param required whether the message may not be left as it is, however small
	 */
	public record Choice(@Nullable ContentCoding coding, boolean required) {

		private static final Choice NONE = new Choice(null, false);

	}

	/** Made when it is first needed: loading a native library takes its time. */
	private static final class Available {

		static final ContentCodings CODINGS = find();

		private static ContentCodings find() {
			try {
				return new ContentCodings(List.of(new ZstdCoding(), new GzipCoding()));
			}
			// absent, too old, or nothing in it for this machine
			catch (LinkageError ex) {
				return new ContentCodings(List.of(new GzipCoding()));
			}
		}

	}

}
