package org.axonometer.targets;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import org.axonometer.metagraph.AxonAddress;

/** The IPv4 address that some IPv6 addresses carry, and that a packet to them really reaches. */
final class EmbeddedIpv4 {

  /** NAT64 (RFC 6052). */
  static final Cidr TRANSLATED = Cidr.parse("64:ff9b::/96");

  private static final int ISATAP_LOW = 0x5EFE;

  private EmbeddedIpv4() {}

  /** The last four bytes of a mapped, NAT64 or ISATAP address; empty for any other. */
  static Optional<AxonAddress> of(AxonAddress address) {
    if (address.isIpv4()) {
      return Optional.empty();
    }
    byte[] bytes = address.bytes();
    boolean carries = address.isIpv4Mapped() || TRANSLATED.contains(bytes) || isIsatap(bytes);
    return carries
        ? Optional.of(new AxonAddress(new BigInteger(1, Arrays.copyOfRange(bytes, 12, 16))))
        : Optional.empty();
  }

  /** The interface part is 0000:5efe or, for a public IPv4 address, 0200:5efe (RFC 5214). */
  private static boolean isIsatap(byte[] bytes) {
    boolean flags = (bytes[8] & ~0x02) == 0 && bytes[9] == 0;
    return flags
        && (Byte.toUnsignedInt(bytes[10]) << 8 | Byte.toUnsignedInt(bytes[11])) == ISATAP_LOW;
  }
}
