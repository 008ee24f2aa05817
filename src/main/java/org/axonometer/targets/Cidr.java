package org.axonometer.targets;

import java.net.InetAddress;

/** A range of addresses, such as {@code 127.0.0.0/8}. */
public record Cidr(InetAddress network, int prefixBits) {

  /** Reads {@code address/bits}; IllegalArgumentException otherwise. */
  public static Cidr parse(String text) {
    throw new UnsupportedOperationException("not written yet");
  }

  public boolean contains(InetAddress address) {
    throw new UnsupportedOperationException("not written yet");
  }
}
