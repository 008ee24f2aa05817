package org.axonometer.metagraph;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.axonometer.subnet.Ss58Address;

/**
 * SCALE bytes read front to back (protocol 7.5). Every read is checked against the bytes that are
 * left, and a list's count against what could still follow, so that nothing is allocated for data
 * that is not there. What does not fit is a SnapshotException with the byte offset.
 */
final class ScaleReader {

  private static final int KEY_BYTES = 32;
  private static final int MODE_BITS = 2;
  private static final Ss58Address NOBODY = Ss58Address.of(new byte[KEY_BYTES]);

  private final byte[] bytes;
  private final String source;
  private int offset;

  /** Whether a layout is only tried: addresses, which are dear to make, are then not made. */
  private boolean isTrying;

  ScaleReader(byte[] bytes, String source) {
    this.bytes = bytes;
    this.source = source;
  }

  /** The order of the values in an answer: reads them all and keeps none. */
  @FunctionalInterface
  interface Layout {
    void read(ScaleReader in);
  }

  /**
   * A reader at the beginning of a result of either form (protocol 7.4): the typed one, or the one
   * behind the length that runtimes before February 2025 put in front. Some values begin with bytes
   * that could be that length ({@code Some} and a netuid of 1 in 258 bytes); what is typed to its
   * last byte is typed.
   */
  static ScaleReader ofResult(byte[] bytes, String source, Layout layout) {
    ScaleReader typed = new ScaleReader(bytes, source);
    if (bytes.length == 0) {
      throw typed.refused("there are no bytes");
    }
    ScaleReader wrapped = new ScaleReader(bytes, source);
    return wrapped.skipOuterLength() && typed.misfit(layout).isPresent() ? wrapped : typed;
  }

  /** Whether this is a result without a value, in either form. */
  static boolean isNone(byte[] bytes) {
    return Arrays.equals(bytes, new byte[] {0}) || Arrays.equals(bytes, new byte[] {4, 0});
  }

  /**
   * Where a layout does not fit.
   *
   * @param offset of the byte that was reached
   */
  record Misfit(int offset, SnapshotException reason) {}

  /** Tries a layout on what is left; empty when it fits to the last byte. Nothing is read. */
  Optional<Misfit> misfit(Layout layout) {
    int start = offset;
    isTrying = true;
    try {
      layout.read(this);
      end();
      return Optional.empty();
    } catch (SnapshotException e) {
      return Optional.of(new Misfit(offset, e));
    } finally {
      offset = start;
      isTrying = false;
    }
  }

  /** Whether the bytes began with the length of what follows it. */
  private boolean skipOuterLength() {
    try {
      BigInteger length = compact(32, "length");
      // One zero byte is an empty list or no value, not a wrapped nothing.
      return offset < bytes.length && length.equals(BigInteger.valueOf(bytes.length - offset));
    } catch (SnapshotException e) {
      return false;
    }
  }

  int u8(String what) {
    require(1, what);
    return Byte.toUnsignedInt(bytes[offset++]);
  }

  boolean bool(String what) {
    int value = u8(what);
    if (value > 1) {
      offset--;
      throw refused("%s must be 0 or 1, was %d".formatted(what, value));
    }
    return value == 1;
  }

  /** A little-endian number of this many bytes, unsigned. */
  BigInteger unsigned(int length, String what) {
    require(length, what);
    byte[] bigEndian = new byte[length];
    for (int i = 0; i < length; i++) {
      bigEndian[length - 1 - i] = bytes[offset + i];
    }
    offset += length;
    return new BigInteger(1, bigEndian);
  }

  /** A compact number of at most so many bits, in its shortest form only. */
  BigInteger compact(int bits, String what) {
    int start = offset;
    int mode = u8(what) & 3;
    offset = start;
    BigInteger value;
    if (mode == 3) {
      int length = (u8(what) >>> MODE_BITS) + 4;
      value = unsigned(length, what);
      if (length > 4 ? value.bitLength() <= 8 * (length - 1) : value.bitLength() <= 30) {
        offset = start;
        throw refused(what + " is not in its shortest form");
      }
    } else {
      int length = 1 << mode;
      value = unsigned(length, what).shiftRight(MODE_BITS);
      if (mode > 0 && value.bitLength() <= (mode == 1 ? 6 : 14)) {
        offset = start;
        throw refused(what + " is not in its shortest form");
      }
    }
    if (value.bitLength() > bits) {
      offset = start;
      throw refused("%s must be 0..2^%d-1, was %s".formatted(what, bits, value));
    }
    return value;
  }

  int compactU16(String what) {
    return compact(16, what).intValueExact();
  }

  Ss58Address account(String what) {
    require(KEY_BYTES, what);
    if (isTrying) {
      offset += KEY_BYTES;
      return NOBODY;
    }
    byte[] key = Arrays.copyOfRange(bytes, offset, offset + KEY_BYTES);
    offset += KEY_BYTES;
    return Ss58Address.of(key);
  }

  /**
   * The count in front of a list.
   *
   * @param most what is allowed
   * @param leastBytes what an item has at the least
   */
  int count(int most, int leastBytes, String what) {
    int start = offset;
    BigInteger count = compact(32, "count of " + what);
    int room = (bytes.length - offset) / leastBytes;
    if (count.compareTo(BigInteger.valueOf(Math.min(most, room))) > 0) {
      offset = start;
      throw refused(
          "%s: %s items are announced, at most %d are allowed and %d could follow"
              .formatted(what, count, most, room));
    }
    return count.intValueExact();
  }

  /** The bytes of a list of u8. */
  byte[] bytes(String what) {
    int length = count(bytes.length, 1, what);
    byte[] part = Arrays.copyOfRange(bytes, offset, offset + length);
    offset += length;
    return part;
  }

  /** A list, each item read by {@code item}. */
  <T> List<T> list(int most, int leastBytes, String what, Supplier<T> item) {
    int count = count(most, leastBytes, what);
    List<T> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(item.get());
    }
    return list;
  }

  /** Nothing may follow. */
  void end() {
    if (offset != bytes.length) {
      throw refused("%d bytes too many".formatted(bytes.length - offset));
    }
  }

  SnapshotException refused(String message) {
    return new SnapshotException("%s: byte %d: %s".formatted(source, offset, message));
  }

  private void require(int length, String what) {
    if (bytes.length - offset < length) {
      throw refused(
          "%s needs %d bytes, %d are left".formatted(what, length, bytes.length - offset));
    }
  }
}
