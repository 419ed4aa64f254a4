package dev.rpcboot.compression;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;

/**
 * The coding zstd, by a native library that may be absent.
 */
final class ZstdCoding implements ContentCoding {

	private static final int LEVEL = 1;

	/** 8 MB, the largest window that the coding may ask for (RFC 9659). */
	private static final int WINDOW_LOG_MAX = 23;

	private static final int MAGIC = 0xfd2fb528;

	private static final int SKIPPABLE_MAGIC = 0x184d2a50;

	private static final int SKIPPABLE_MASK = 0xfffffff0;

	/**
	 * Creates one.
	 * @throws LinkageError if the library is absent or too old, or has nothing for this
	 * machine
	 */
	ZstdCoding() {
		byte[] any = Zstd.compress(new byte[0]);
		// before 1.5.7 there is no such method
		Zstd.findFrameCompressedSize(any, 0, any.length);
	}

	@Override
	public String name() {
		return "zstd";
	}

	@Override
	public byte[] encode(byte[] plain) {
		return Zstd.compress(plain, LEVEL);
	}

	@Override
	public byte[] decode(byte[] coded, long limit) throws ContentTooLargeException, MalformedContentException {
		DecodedBytes decoded = new DecodedBytes(coded.length, limit);
		try (ZstdInputStreamNoFinalizer in = new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(coded),
				RecyclingBufferPool.INSTANCE)) {
			checkFrames(coded);
			in.setLongMax(WINDOW_LOG_MAX);
			int count = in.read(decoded.array(), decoded.size(), decoded.room());
			while (count >= 0) {
				decoded.add(count);
				count = in.read(decoded.array(), decoded.size(), decoded.room());
			}
			return decoded.toArray();
		}
		catch (IOException | ZstdException ex) {
			throw new MalformedContentException("Not zstd within limits: " + ex.getMessage(), ex);
		}
	}

	/**
	 * Lets frames of the standard pass alone: the library decodes those of its drafts
	 * too, by code that has seen less hostile input.
	 */
	private static void checkFrames(byte[] coded) throws MalformedContentException {
		int position = 0;
		do {
			int magic = (coded.length - position < Integer.BYTES) ? 0
					: ByteBuffer.wrap(coded).order(ByteOrder.LITTLE_ENDIAN).getInt(position);
			if (magic != MAGIC && (magic & SKIPPABLE_MASK) != SKIPPABLE_MAGIC) {
				throw new MalformedContentException("Not zstd: no frame begins at byte " + position, null);
			}
			position += (int) Zstd.findFrameCompressedSize(coded, position, coded.length - position);
		}
		while (position < coded.length);
	}

}
