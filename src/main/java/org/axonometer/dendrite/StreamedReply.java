package org.axonometer.dendrite;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.axonometer.synapse.StreamPart;
import org.axonometer.synapse.StreamReader;
import org.axonometer.synapse.Streaming;
import org.jspecify.annotations.Nullable;

/**
 * A streamed body on its way from the client's threads, which note when each chunk came, to the
 * asking one, which reads it and tells the listener. What the client's threads call is guarded by
 * the {@link Answer}.
 */
final class StreamedReply {
  /** Two megabytes of memory; an axon that sends single bytes reaches no more. */
  static final int MOST_CHUNKS = 131_072;

  private final StreamListener listener;
  private final StreamReader reader;
  private final BlockingQueue<Optional<byte[]>> chunks = new LinkedBlockingQueue<>();
  private long[] atNanos = new long[16];
  private int[] bytes = new int[16];
  private int count;

  StreamedReply(Streaming streaming, StreamListener listener) {
    this.listener = listener;
    this.reader = new StreamReader(streaming.parser());
  }

  /** Takes a chunk in; false when there are too many. */
  boolean arrived(long whenNanos, byte[] chunk) {
    if (count == MOST_CHUNKS) {
      return false;
    }
    if (count == bytes.length) {
      atNanos = Arrays.copyOf(atNanos, 2 * count);
      bytes = Arrays.copyOf(bytes, 2 * count);
    }
    atNanos[count] = whenNanos;
    bytes[count] = chunk.length;
    count++;
    chunks.add(Optional.of(chunk));
    return true;
  }

  /** Nothing comes any more. */
  void over() {
    chunks.add(Optional.empty());
  }

  /** Reads until nothing comes any more, on the asking thread. */
  void hear() throws InterruptedException {
    for (Optional<byte[]> next = chunks.take(); next.isPresent(); next = chunks.take()) {
      tell(reader.take(next.get()));
    }
  }

  /** The stream ended well; on the asking thread. */
  StreamReader complete() {
    tell(reader.end());
    return reader;
  }

  private void tell(StreamPart part) {
    if (!part.isEmpty()) {
      listener.hear(part);
    }
  }

  /** Null when no chunk came. */
  @Nullable StreamFigures figures(long startNanos, @Nullable Long endNanos) {
    return count == 0
        ? null
        : StreamFigures.of(
            startNanos, Arrays.copyOf(atNanos, count), Arrays.copyOf(bytes, count), endNanos);
  }
}
