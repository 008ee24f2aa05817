package org.axonometer.subnet;

import java.net.InetAddress;

/** Where an axon listens: a literal address and a port 1..65535. Never resolved through DNS. */
public record AxonEndpoint(InetAddress host, int port) {

  /**
   * Reads a strict dotted-decimal IPv4 or IPv6 literal (no zone, no name, no short form);
   * IllegalArgumentException otherwise.
   */
  public static InetAddress literal(String text) {
    throw new UnsupportedOperationException("not written yet");
  }

  /** The address as text without brackets, IPv6 in its canonical short form (RFC 5952). */
  public String hostText() {
    throw new UnsupportedOperationException("not written yet");
  }

  /** {@code 1.2.3.4:8091} or {@code [2001:db8::1]:8091}. */
  @Override
  public String toString() {
    throw new UnsupportedOperationException("not written yet");
  }
}
