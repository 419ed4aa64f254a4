package dev.rpcboot.compression;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;

/**
 * The coding gzip, by the JDK. It decodes without {@code GZIPInputStream}, which takes
 * whatever follows the end of a message for nothing.
 */
final class GzipCoding implements ContentCoding {

	private static final int HEADER = 10;

	private static final int TRAILER = 8;

	private static final int HEADER_CRC = 2;

	private static final int EXTRA = 4;

	private static final int NAME = 8;

	private static final int COMMENT = 16;

	private static final int RESERVED = 0xe0;

	@Override
	public String name() {
		return "gzip";
	}

	@Override
	public byte[] encode(byte[] plain) {
		ByteArrayOutputStream coded = new ByteArrayOutputStream(Math.max(64, plain.length / 4));
		try (GZIPOutputStream out = new Fast(coded)) {
			out.write(plain);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return coded.toByteArray();
	}

	@Override
	public byte[] decode(byte[] coded, long limit) throws ContentTooLargeException, MalformedContentException {
		DecodedBytes decoded = new DecodedBytes(coded.length, limit);
		Inflater inflater = new Inflater(true);
		try {
			int position = 0;
			// the format allows several members in a row
			do {
				position = member(coded, position, inflater, decoded);
			}
			while (position < coded.length);
		}
		catch (DataFormatException ex) {
			throw new MalformedContentException("Not gzip", ex);
		}
		finally {
			inflater.end();
		}
		return decoded.toArray();
	}

	private static int member(byte[] coded, int start, Inflater inflater, DecodedBytes decoded)
			throws DataFormatException, ContentTooLargeException, MalformedContentException {
		int position = afterHeader(coded, start);
		int first = decoded.size();
		CRC32 crc = new CRC32();
		inflater.reset();
		inflater.setInput(coded, position, coded.length - position);
		while (!inflater.finished()) {
			int from = decoded.size();
			int count = inflater.inflate(decoded.array(), from, decoded.room());
			if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
				throw cutShort();
			}
			crc.update(decoded.array(), from, count);
			decoded.add(count);
		}
		position = coded.length - inflater.getRemaining();
		if (inflater.getRemaining() < TRAILER) {
			throw cutShort();
		}
		if (littleEndian(coded, position) != (int) crc.getValue()
				|| littleEndian(coded, position + 4) != decoded.size() - first) {
			throw new MalformedContentException("Not gzip: the checksum or the length is wrong", null);
		}
		return position + TRAILER;
	}

	private static int afterHeader(byte[] coded, int start) throws MalformedContentException {
		if (coded.length - start < HEADER) {
			throw cutShort();
		}
		int flags = coded[start + 3];
		if (coded[start] != 0x1f || coded[start + 1] != (byte) 0x8b || coded[start + 2] != Deflater.DEFLATED
				|| (flags & RESERVED) != 0) {
			throw new MalformedContentException("Not gzip: the header is wrong", null);
		}
		int position = start + HEADER;
		if ((flags & EXTRA) != 0) {
			position = (position + 2 <= coded.length)
					? position + 2 + (coded[position] & 0xff) + ((coded[position + 1] & 0xff) << 8) : coded.length;
		}
		if ((flags & NAME) != 0) {
			position = afterZero(coded, position);
		}
		if ((flags & COMMENT) != 0) {
			position = afterZero(coded, position);
		}
		position += ((flags & HEADER_CRC) != 0) ? 2 : 0;
		if (position >= coded.length) {
			throw cutShort();
		}
		return position;
	}

	private static int afterZero(byte[] coded, int start) {
		int position = start;
		while (position < coded.length && coded[position] != 0) {
			position++;
		}
		return position + 1;
	}

	private static int littleEndian(byte[] coded, int position) {
		return (coded[position] & 0xff) | (coded[position + 1] & 0xff) << 8 | (coded[position + 2] & 0xff) << 16
				| (coded[position + 3] & 0xff) << 24;
	}

	private static MalformedContentException cutShort() {
		return new MalformedContentException("Not gzip: it ends before its end", null);
	}

	/** Smaller output costs more time than it saves on any but a slow network. */
	private static final class Fast extends GZIPOutputStream {

		private Fast(ByteArrayOutputStream out) throws IOException {
			super(out);
			this.def.setLevel(Deflater.BEST_SPEED);
		}

	}

}
