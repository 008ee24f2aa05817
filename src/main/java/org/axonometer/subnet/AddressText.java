package org.axonometer.subnet;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * IP addresses as text, read and written without the platform's own parser: that one takes names,
 * octal and short forms and may ask DNS.
 */
final class AddressText {

  private static final int IPV4_BYTES = 4;
  private static final int IPV6_GROUPS = 8;
  private static final int LONGEST_LITERAL = 39;

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
    return address(text.indexOf(':') >= 0 ? parseIpv6(text) : parseIpv4(text));
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
      int value = number(parts[at], 10, 3);
      if (value > 255 || (parts[at].length() > 1 && parts[at].charAt(0) == '0')) {
        throw wrong("number " + (at + 1) + " must be 0..255 without leading zeros");
      }
      bytes[at] = (byte) value;
    }
    return bytes;
  }

  private static byte[] parseIpv6(String text) {
    int gap = text.indexOf("::");
    String[] head = split(gap < 0 ? text : text.substring(0, gap));
    String[] tail = split(gap < 0 ? "" : text.substring(gap + 2));
    int written = head.length + tail.length;
    if (gap < 0 ? written != IPV6_GROUPS : written >= IPV6_GROUPS) {
      throw wrong("IPv6 has eight groups, or fewer with one \"::\"");
    }
    byte[] bytes = new byte[2 * IPV6_GROUPS];
    for (int at = 0; at < head.length; at++) {
      putGroup(bytes, at, head[at]);
    }
    for (int at = 0; at < tail.length; at++) {
      putGroup(bytes, IPV6_GROUPS - tail.length + at, tail[at]);
    }
    if (isMapped(bytes)) {
      throw wrong("it is IPv4 inside IPv6; write the IPv4 address itself");
    }
    return bytes;
  }

  /** The groups of one side of a "::"; a second "::" shows up as an empty group and is refused. */
  private static String[] split(String side) {
    return side.isEmpty() ? new String[0] : side.split(":", -1);
  }

  private static void putGroup(byte[] bytes, int group, String text) {
    int value = number(text, 16, 4);
    bytes[2 * group] = (byte) (value >>> 8);
    bytes[2 * group + 1] = (byte) value;
  }

  private static boolean isMapped(byte[] bytes) {
    byte[] mapped = new byte[12];
    mapped[10] = (byte) 0xff;
    mapped[11] = (byte) 0xff;
    return Arrays.equals(bytes, 0, mapped.length, mapped, 0, mapped.length);
  }

  /**
   * An unsigned number of one to {@code most} ASCII digits; other alphabets' digits are refused.
   */
  private static int number(String digits, int radix, int most) {
    if (digits.isEmpty() || digits.length() > most) {
      throw wrong("each number has 1 to " + most + " digits");
    }
    int value = 0;
    for (int at = 0; at < digits.length(); at++) {
      char digit = digits.charAt(at);
      int one = digit < 0x80 ? Character.digit(digit, radix) : -1;
      if (one < 0) {
        throw wrong("it has a character that is not a digit of base " + radix);
      }
      value = value * radix + one;
    }
    return value;
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
