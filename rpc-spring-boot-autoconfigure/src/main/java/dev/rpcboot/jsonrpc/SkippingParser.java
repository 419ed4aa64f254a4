package dev.rpcboot.jsonrpc;

import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.io.IOContext;
import tools.jackson.core.json.UTF8StreamJsonParser;
import tools.jackson.core.sym.ByteQuadsCanonicalizer;

/**
 * Jackson's parser of bytes, which can leave out what stands within an object or an array
 * where that is JSON of the usual kind. Reading each token of a large result, only to
 * decode it afterwards, takes as long as half of its decoding.
 */
final class SkippingParser extends UTF8StreamJsonParser {

	SkippingParser(ObjectReadContext context, IOContext io, int streamFeatures, int formatFeatures,
			ByteQuadsCanonicalizer symbols, byte[] bytes, int offset, int length) {
		super(context, io, streamFeatures, formatFeatures, null, symbols, bytes, offset, offset + length, 0, false);
	}

	/**
	 * Goes from the beginning of an object or array to before its end, which is the next
	 * token.
	 * @return whether that was possible; else nothing has happened, and the tokens have
	 * to be read one by one
	 */
	boolean skipToEnd() {
		StreamReadConstraints limits = streamReadConstraints();
		UsualJson usual = new UsualJson(this._inputBuffer, this._inputPtr, this._inputEnd,
				limits.getMaxNestingDepth() - streamReadContext().getNestingDepth(), limits.getMaxNameLength(),
				limits.getMaxNumberLength());
		int end = streamReadContext().inArray() ? usual.endOfArray() : usual.endOfObject();
		if (end < 0) {
			return false;
		}
		this._inputPtr = end;
		return true;
	}

}
