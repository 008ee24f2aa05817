package org.axonometer.targets;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A range that is no global unicast address, and why. The table is the IANA special-purpose
 * registries, the multicast and reserved blocks, and the one public address that a cloud answers
 * inside its hosts.
 *
 * @param kind completes "10.1.2.3 is ..."
 * @param origin the document that sets the range aside
 */
record SpecialRange(Cidr range, String kind, String origin) {

  private static final Cidr GLOBAL_UNICAST_6 = Cidr.parse("2000::/3");
  private static final int IPV6_BYTES = 16;

  private static final List<SpecialRange> TABLE =
      List.of(
          of("0.0.0.0/8", "\"this network\"", "RFC 791"),
          of("10.0.0.0/8", "private", "RFC 1918"),
          of("100.64.0.0/10", "shared by a carrier's customers", "RFC 6598"),
          of("127.0.0.0/8", "loopback", "RFC 1122"),
          of("168.63.129.16/32", "a cloud host's own service", "Azure"),
          of("169.254.0.0/16", "link-local", "RFC 3927"),
          of("172.16.0.0/12", "private", "RFC 1918"),
          of("192.0.0.0/24", "set aside for protocols", "RFC 6890"),
          of("192.0.2.0/24", "for documentation", "RFC 5737"),
          of("192.88.99.0/24", "the old 6to4 relay", "RFC 7526"),
          of("192.168.0.0/16", "private", "RFC 1918"),
          of("198.18.0.0/15", "for benchmarks", "RFC 2544"),
          of("198.51.100.0/24", "for documentation", "RFC 5737"),
          of("203.0.113.0/24", "for documentation", "RFC 5737"),
          of("224.0.0.0/4", "multicast", "RFC 5771"),
          of("240.0.0.0/4", "reserved", "RFC 1112"),
          of("255.255.255.255/32", "broadcast", "RFC 919"),
          of("64:ff9b:1::/48", "a local translator's", "RFC 8215"),
          of("100::/64", "discarded by routers", "RFC 6666"),
          of("100:0:0:1::/64", "a dummy prefix", "RFC 9780"),
          of("2001::/23", "set aside for protocols", "RFC 2928"),
          of("2001::/32", "a Teredo tunnel", "RFC 4380"),
          of("2001:2::/48", "for benchmarks", "RFC 5180"),
          of("2001:db8::/32", "for documentation", "RFC 3849"),
          of("2002::/16", "a 6to4 tunnel", "RFC 3056"),
          of("3fff::/20", "for documentation", "RFC 9637"),
          of("5f00::/16", "for segment routing", "RFC 9602"),
          of("fc00::/7", "unique local", "RFC 4193"),
          of("fe80::/10", "link-local", "RFC 4291"),
          of("fec0::/10", "site-local", "RFC 3879"),
          of("ff00::/8", "multicast", "RFC 4291"));

  /** The narrowest range of the table that holds the address of 4 or 16 bytes. */
  static Optional<SpecialRange> holding(byte[] address) {
    return TABLE.stream()
        .filter(special -> special.range.contains(address))
        .max(Comparator.comparingInt(special -> special.range.prefixBits()))
        .or(() -> outsideGlobalUnicast(address));
  }

  /** Such as {@code private (10.0.0.0/8, RFC 1918)}. */
  String description() {
    return "%s (%s, %s)".formatted(kind, range, origin);
  }

  private static Optional<SpecialRange> outsideGlobalUnicast(byte[] address) {
    if (address.length != IPV6_BYTES || GLOBAL_UNICAST_6.contains(address)) {
      return Optional.empty();
    }
    return Optional.of(new SpecialRange(GLOBAL_UNICAST_6, "not in global unicast", "RFC 4291"));
  }

  private static SpecialRange of(String range, String kind, String origin) {
    return new SpecialRange(Cidr.parse(range), kind, origin);
  }
}
