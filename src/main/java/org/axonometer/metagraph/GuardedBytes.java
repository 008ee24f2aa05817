package org.axonometer.metagraph;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.axonometer.subnet.Sha256;

/**
 * The bytes of a snapshot on their way into the parser: counted against the cap, hashed, and ASCII
 * only. Every value of a snapshot is ASCII, so a byte above 0x7F is damage or an attack, and with
 * this check no question of encodings is left.
 */
final class GuardedBytes extends InputStream {

  /** The most that is read of one snapshot. */
  static final long MAX_BYTES = 64L * 1024 * 1024;

  private final InputStream in;
  private final String source;
  private final MessageDigest digest = Sha256.digest();
  private long count;

  GuardedBytes(InputStream in, String source) {
    this.in = in;
    this.source = source;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0];
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = in.read(buffer, offset, length);
    if (read <= 0) {
      return read;
    }
    refuseBinary(buffer, offset, read);
    digest.update(buffer, offset, read);
    count += read;
    if (count > MAX_BYTES) {
      throw tooLarge(source);
    }
    return read;
  }

  /** Lower-case hex of all bytes read. */
  String hash() {
    return HexFormat.of().formatHex(digest.digest());
  }

  static SnapshotException tooLarge(String source) {
    return new SnapshotException(
        "%s: larger than %d bytes, the most a snapshot may have".formatted(source, MAX_BYTES));
  }

  private void refuseBinary(byte[] buffer, int offset, int length) {
    for (int i = 0; i < length; i++) {
      int value = Byte.toUnsignedInt(buffer[offset + i]);
      if (value > 0x7F || value == 0) {
        throw new SnapshotException(
            "%s: offset %d: byte 0x%02x is not text; a snapshot is ASCII text or a saved metagraph"
                .formatted(source, count + i, value));
      }
    }
  }
}
