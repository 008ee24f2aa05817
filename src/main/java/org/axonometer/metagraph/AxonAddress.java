package org.axonometer.metagraph;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.axonometer.subnet.AxonEndpoint;

/**
 * An axon's address as the chain stores it: one u128. The chain has no second field that decides
 * the family, only the magnitude does: below 2^32 the number is IPv4, from there on IPv6. So {@code
 * ::1} cannot be told from {@code 0.0.0.1}, and is the latter. Zero means "serves nowhere".
 *
 * @param value 0 to 2^128 - 1
 */
public record AxonAddress(BigInteger value) {

  private static final int IPV4_BITS = 32;
  private static final int IPV6_BITS = 128;
  private static final String MAPPED_TEXT = "::ffff:";
  private static final BigInteger MAPPED_PREFIX = BigInteger.valueOf(0xFFFF).shiftLeft(IPV4_BITS);

  public AxonAddress {
    if (value.signum() < 0 || value.bitLength() > IPV6_BITS) {
      throw new IllegalArgumentException("axon ip must be 0..2^128-1, was " + value);
    }
  }

  /**
   * Reads the literal that {@link #text()} writes. Names, short forms and zones are refused with
   * IllegalArgumentException, and so is an IPv6 literal below 2^32: on chain that number is IPv4.
   */
  public static AxonAddress parse(String text) {
    if (text.startsWith(MAPPED_TEXT) && text.indexOf('.') > 0) {
      InetAddress inside = AxonEndpoint.literal(text.substring(MAPPED_TEXT.length()));
      return new AxonAddress(new BigInteger(1, inside.getAddress()).add(MAPPED_PREFIX));
    }
    InetAddress literal = AxonEndpoint.literal(text);
    AxonAddress address = new AxonAddress(new BigInteger(1, literal.getAddress()));
    if (address.isIpv4() && !(literal instanceof Inet4Address)) {
      throw new IllegalArgumentException(
          text + " is a number below 2^32, which the chain reads as IPv4; write it as IPv4");
    }
    return address;
  }

  public boolean isIpv4() {
    return value.bitLength() <= IPV4_BITS;
  }

  /** True for {@code ::ffff:a.b.c.d}, an IPv4 address in IPv6 clothes. */
  public boolean isIpv4Mapped() {
    return value.shiftRight(IPV4_BITS).equals(BigInteger.valueOf(0xFFFF));
  }

  /** The address in network order: 4 bytes for IPv4, 16 for IPv6. */
  public byte[] bytes() {
    byte[] bytes = new byte[(isIpv4() ? IPV4_BITS : IPV6_BITS) / Byte.SIZE];
    byte[] magnitude = value.toByteArray();
    int from = Math.max(0, magnitude.length - bytes.length); // a leading sign byte
    int digits = magnitude.length - from;
    System.arraycopy(magnitude, from, bytes, bytes.length - digits, digits);
    return bytes;
  }

  /** The address to connect to; an IPv4-mapped one is the IPv4 address inside it. */
  public InetAddress inet() {
    try {
      return InetAddress.getByAddress(bytes());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes always make an address", e);
    }
  }

  /** Dotted decimal, or IPv6 in its canonical short form (RFC 5952). */
  public String text() {
    if (isIpv4Mapped()) {
      byte[] all = bytes();
      return MAPPED_TEXT
          + new AxonAddress(new BigInteger(1, Arrays.copyOfRange(all, 12, 16))).text();
    }
    int anyPort = 1;
    return new AxonEndpoint(inet(), anyPort).hostText();
  }

  @Override
  public String toString() {
    return text();
  }
}
