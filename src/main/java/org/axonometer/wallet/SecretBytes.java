package org.axonometer.wallet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Small files read without leaving copies: the content passes through one off-heap buffer that is
 * overwritten, because the platform keeps the buffer it would otherwise use for the thread's life.
 */
final class SecretBytes {

  /** The most a key file may have; real ones have less than one KiB. */
  static final int MOST_BYTES = 16 * 1024;

  private SecretBytes() {}

  /**
   * At most {@link #MOST_BYTES} + 1 bytes from the start of a file, which must not be a symbolic
   * link; the caller wipes them.
   */
  static byte[] read(Path file) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(MOST_BYTES + 1);
    try (SeekableByteChannel channel =
        Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      int count = 0;
      while (buffer.hasRemaining() && count >= 0) {
        count = channel.read(buffer);
      }
      byte[] content = new byte[buffer.flip().remaining()];
      buffer.get(content);
      return content;
    } finally {
      wipe(buffer);
    }
  }

  /** Overwrites a buffer from end to end. */
  static void wipe(ByteBuffer buffer) {
    buffer.clear();
    while (buffer.hasRemaining()) {
      buffer.put((byte) 0);
    }
  }
}
