package org.axonometer.subnet;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * IP addresses as text. Nothing here may ask DNS or take a name, an octal or a short form, as the
 * platform's usual parser does.
 */
final class AddressText {

  private static final int IPV4_BYTES = 4;
  private static final int IPV6_GROUPS = 8;
  private static final int LONGEST_LITERAL = 39;
  private static final Pattern IPV4_NUMBER = Pattern.compile("[0-9]{1,3}");

  /** Neither a zone nor brackets nor an IPv4 tail, which the platform would take. */
  private static final Pattern PLAIN_IPV6 =
      Pattern.compile("(?:[0-9A-Fa-f]{0,4}:)+[0-9A-Fa-f]{0,4}");

  private AddressText() {}

  /** The address of 4 or 16 bytes. */
  static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an IP address has 4 or 16 bytes, was " + bytes.length, e);
    }
  }

  /** Reads one literal; IllegalArgumentException says what is wrong without repeating the text. */
  static InetAddress parse(String text) {
    if (text.length() > LONGEST_LITERAL) {
      throw wrong("it has " + text.length() + " characters");
    }
    return text.indexOf(':') >= 0 ? parseIpv6(text) : address(parseIpv4(text));
  }

  /** Dotted decimal, or IPv6 in lower case with its longest run of zero groups shortened. */
  static String of(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address instanceof Inet4Address) {
      return (bytes[0] & 0xff)
          + "."
          + (bytes[1] & 0xff)
          + "."
          + (bytes[2] & 0xff)
          + "."
          + (bytes[3] & 0xff);
    }
    return shortened(groups(bytes));
  }

  private static byte[] parseIpv4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != IPV4_BYTES) {
      throw wrong("it is neither four decimal numbers with dots nor IPv6");
    }
    byte[] bytes = new byte[IPV4_BYTES];
    for (int at = 0; at < IPV4_BYTES; at++) {
      int value = number(parts[at]);
      if (value > 255 || (parts[at].length() > 1 && parts[at].charAt(0) == '0')) {
        throw wrong("number " + (at + 1) + " must be 0..255 without leading zeros");
      }
      bytes[at] = (byte) value;
    }
    return bytes;
  }

  private static InetAddress parseIpv6(String text) {
    if (!PLAIN_IPV6.matcher(text).matches()) {
      throw wrong("IPv6 has groups of 1 to 4 hexadecimal digits with colons between");
    }
    InetAddress address;
    try {
      address = Inet6Address.ofLiteral(text);
    } catch (IllegalArgumentException _) { // whose text repeats ours
      throw wrong("IPv6 has eight groups, or fewer with one \"::\"");
    }
    if (address instanceof Inet4Address) {
      throw wrong("it is IPv4 inside IPv6; write the IPv4 address itself");
    }
    return address;
  }

  /** An unsigned number of one to three ASCII digits; other alphabets' digits are refused. */
  private static int number(String digits) {
    if (!IPV4_NUMBER.matcher(digits).matches()) {
      throw wrong("each number has 1 to 3 decimal digits");
    }
    return Integer.parseInt(digits);
  }

  private static int[] groups(byte[] bytes) {
    int[] groups = new int[IPV6_GROUPS];
    for (int at = 0; at < IPV6_GROUPS; at++) {
      groups[at] = (bytes[2 * at] & 0xff) << 8 | (bytes[2 * at + 1] & 0xff);
    }
    return groups;
  }

  private static String shortened(int[] groups) {
    int start = -1;
    int length = 1; // a single zero group is not worth "::"
    for (int at = 0; at < IPV6_GROUPS; at++) {
      int end = at;
      while (end < IPV6_GROUPS && groups[end] == 0) {
        end++;
      }
      if (end - at > length) {
        start = at;
        length = end - at;
      }
    }
    if (start < 0) {
      return joined(groups, 0, IPV6_GROUPS);
    }
    return joined(groups, 0, start) + "::" + joined(groups, start + length, IPV6_GROUPS);
  }

  private static String joined(int[] groups, int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int at = from; at < to; at++) {
      text.append(at == from ? "" : ":").append(Integer.toHexString(groups[at]));
    }
    return text.toString();
  }

  private static IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException("not an IP address literal: " + what);
  }
}
