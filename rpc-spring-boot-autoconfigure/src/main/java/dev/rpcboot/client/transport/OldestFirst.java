package dev.rpcboot.client.transport;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.StreamByteDistributor;

/**
 * Sends what bodies of requests have to wait for leave to be sent in the order in which
 * they began. Shared evenly, as Netty does by default, the window of a connection is used
 * up by parts of bodies: a server that works on few requests at a time, as Tomcat does on
 * 20, then waits for the rest of theirs, and gives no leave for it before it has read
 * those that it does not work on yet.
 */
final class OldestFirst implements StreamByteDistributor {

	/** Those that have something to send and leave of their stream, by its identifier. */
	private final SortedMap<Integer, StreamState> waiting = new TreeMap<>();

	@Override
	public void updateStreamableBytes(StreamState state) {
		if (canSend(state)) {
			this.waiting.put(state.stream().id(), state);
		}
		else {
			this.waiting.remove(state.stream().id());
		}
	}

	/** A frame without bytes, such as the end, needs no leave. */
	private static boolean canSend(StreamState state) {
		return state.hasFrame() && (Http2CodecUtil.streamableBytes(state) > 0 || state.pendingBytes() == 0);
	}

	@Override
	public void updateDependencyTree(int childStreamId, int parentStreamId, short weight, boolean exclusive) {
		// all are of equal weight
	}

	@Override
	public boolean distribute(int maxBytes, Writer writer) throws Http2Exception {
		int left = maxBytes;
		for (StreamState state : List.copyOf(this.waiting.values())) {
			int bytes = Math.min(left, Http2CodecUtil.streamableBytes(state));
			// writing one may have ended another
			if (canSend(state) && (bytes > 0 || state.pendingBytes() == 0)) {
				writer.write(state.stream(), bytes);
				left -= bytes;
			}
		}
		return !this.waiting.isEmpty();
	}

}
