package dev.rpcboot.compression;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What the {@code Accept-Encoding} headers of a message say: a weight for each coding, in
 * thousandths. What cannot be read is not accepted.
 */
final class AcceptEncoding {

	private static final Pattern ELEMENT = Pattern
		.compile("([^\\s;,]+)(?:[ \\t]*;[ \\t]*[qQ]=(0(?:\\.[0-9]{0,3})?|1(?:\\.0{0,3})?))?");

	private static final String ANY = "*";

	private static final String IDENTITY = "identity";

	private final Map<String, Integer> weights = new HashMap<>();

	AcceptEncoding(List<String> headers) {
		for (String header : headers) {
			for (String element : header.split(",")) {
				Matcher matcher = ELEMENT.matcher(element.strip());
				if (matcher.matches()) {
					String name = matcher.group(1).toLowerCase(Locale.ROOT);
					this.weights.put(name.equals("x-gzip") ? "gzip" : name, thousandths(matcher.group(2)));
				}
			}
		}
	}

	private static int thousandths(@Nullable String weight) {
		return (weight != null) ? (int) Math.round(Double.parseDouble(weight) * 1000) : 1000;
	}

	/**
	 * The weight of a coding; 0 if it is not accepted.
	 */
	int of(String coding) {
		Integer any = this.weights.getOrDefault(ANY, 0);
		return this.weights.getOrDefault(coding, any);
	}

	/**
	 * The weight of leaving the message as it is: accepted, but worth nothing, where
	 * nothing is said of it.
	 */
	int ofIdentity() {
		return this.weights.getOrDefault(IDENTITY, 0);
	}

	/**
	 * Whether the message may not be left as it is.
	 */
	boolean refusesIdentity() {
		Integer identity = this.weights.getOrDefault(IDENTITY, this.weights.get(ANY));
		return identity != null && identity == 0;
	}

}
