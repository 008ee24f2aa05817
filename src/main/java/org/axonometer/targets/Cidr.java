package org.axonometer.targets;

import java.net.InetAddress;
import org.axonometer.subnet.AxonEndpoint;

/**
 * A range of addresses, such as {@code 127.0.0.0/8}. Every bit behind the prefix is zero.
 *
 * @param prefixBits 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record Cidr(InetAddress network, int prefixBits) {

  public Cidr {
    byte[] bytes = network.getAddress();
    if (prefixBits < 0 || prefixBits > bytes.length * Byte.SIZE) {
      throw new IllegalArgumentException(
          "prefix must be 0..%d bits, was %d".formatted(bytes.length * Byte.SIZE, prefixBits));
    }
    for (int bit = prefixBits; bit < bytes.length * Byte.SIZE; bit++) {
      if (bit(bytes, bit) != 0) {
        throw new IllegalArgumentException(
            "%s/%d has bits set behind the prefix; clear them, or write /%d for this one address"
                .formatted(text(network), prefixBits, bytes.length * Byte.SIZE));
      }
    }
  }

  /** Reads {@code address/bits}; IllegalArgumentException otherwise. */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    String bits = text.substring(slash + 1);
    if (slash < 0 || !bits.matches("0|[1-9][0-9]{0,2}")) {
      throw new IllegalArgumentException(
          "an address range is address/bits such as 10.0.0.0/8, was \"" + text + "\"");
    }
    return new Cidr(AxonEndpoint.literal(text.substring(0, slash)), Integer.parseInt(bits));
  }

  /** True when the address is of the same family and inside. */
  public boolean contains(InetAddress address) {
    return contains(address.getAddress());
  }

  /** The same for 4 or 16 bytes in network order, of which none is taken for the other family. */
  boolean contains(byte[] address) {
    byte[] prefix = network.getAddress();
    if (address.length != prefix.length) {
      return false;
    }
    for (int bit = 0; bit < prefixBits; bit++) {
      if (bit(address, bit) != bit(prefix, bit)) {
        return false;
      }
    }
    return true;
  }

  /** {@code address/bits}, as {@link #parse} reads it. */
  @Override
  public String toString() {
    return text(network) + "/" + prefixBits;
  }

  private static int bit(byte[] bytes, int index) {
    return bytes[index / Byte.SIZE] >> (Byte.SIZE - 1 - index % Byte.SIZE) & 1;
  }

  private static String text(InetAddress address) {
    int anyPort = 1;
    return new AxonEndpoint(address, anyPort).hostText();
  }
}
