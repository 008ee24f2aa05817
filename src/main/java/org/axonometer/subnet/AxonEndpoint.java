package org.axonometer.subnet;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * Where an axon listens: a literal address and a port 1..65535. Never resolved through DNS. A host
 * name attached to the address is dropped, an IPv6 address with a zone is refused: neither can come
 * from the chain. Whether the address may be called at all is decided elsewhere.
 */
public record AxonEndpoint(InetAddress host, int port) {

  public AxonEndpoint {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("axon port must be 1..65535, was " + port);
    }
    if (host instanceof Inet6Address six
        && (six.getScopeId() != 0 || six.getScopedInterface() != null)) {
      throw new IllegalArgumentException("axon address must not carry an IPv6 zone");
    }
    host = AddressText.address(host.getAddress());
  }

  /**
   * Reads a strict dotted-decimal IPv4 or IPv6 literal (no zone, no name, no short form, no
   * brackets, no IPv4 inside IPv6); IllegalArgumentException otherwise. An IPv4-mapped IPv6 literal
   * is refused, because Java would silently turn it into the IPv4 address it hides.
   */
  public static InetAddress literal(String text) {
    return AddressText.parse(text);
  }

  /** The address as text without brackets, IPv6 in its canonical short form (RFC 5952). */
  public String hostText() {
    return AddressText.of(host);
  }

  /** {@code 1.2.3.4:8091} or {@code [2001:db8::1]:8091}. */
  @Override
  public String toString() {
    String text = hostText();
    return (host instanceof Inet6Address ? "[" + text + "]" : text) + ":" + port;
  }
}
