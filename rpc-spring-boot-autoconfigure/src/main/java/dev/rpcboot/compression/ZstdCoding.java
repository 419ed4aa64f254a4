package dev.rpcboot.compression;

import java.io.ByteArrayInputStream;
import java.io.IOException;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;

/**
 * The coding zstd, by a native library that may be absent.
 */
final class ZstdCoding implements ContentCoding {

	private static final int LEVEL = 1;

	/** 8 MB, the largest window that the coding may ask for (RFC 9659). */
	private static final int WINDOW_LOG_MAX = 23;

	/**
	 * Creates one.
	 * @throws LinkageError if the library is absent, or has nothing for this machine
	 */
	ZstdCoding() {
		// the first use of the class loads the native part
		Zstd.magicNumber();
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
		if (coded.length == 0) {
			throw new MalformedContentException("Not zstd: it is empty", null);
		}
		DecodedBytes decoded = new DecodedBytes(coded.length, limit);
		try (ZstdInputStreamNoFinalizer in = new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(coded),
				RecyclingBufferPool.INSTANCE)) {
			in.setLongMax(WINDOW_LOG_MAX);
			int count = in.read(decoded.array(), decoded.size(), decoded.room());
			while (count >= 0) {
				decoded.add(count);
				count = in.read(decoded.array(), decoded.size(), decoded.room());
			}
			return decoded.toArray();
		}
		catch (IOException ex) {
			throw new MalformedContentException("Not zstd within limits: " + ex.getMessage(), ex);
		}
	}

}
