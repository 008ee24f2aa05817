package org.axonometer.mockaxons;

import java.util.List;
import org.axonometer.subnet.Uid;

/**
 * One query as an axon received it, unchecked. Texts are what the head claimed: {@code -} when
 * absent, {@code ?} for every character but printable ASCII, at most 160 characters.
 *
 * @param receivedNanos epoch nanoseconds when the head was complete
 */
public record ReceivedQuery(
    long receivedNanos, Uid uid, String hotkey, String uuid, String nonce, String path) {

  private static final int MAX_CHARS = 160;

  public ReceivedQuery {
    hotkey = printable(hotkey);
    uuid = printable(uuid);
    nonce = printable(nonce);
    path = printable(path);
  }

  /** A line of the nonce log, without its end: the six parts in order, tabs between. */
  public String line() {
    return String.join(
        "\t", Long.toString(receivedNanos), uid.toString(), hotkey, uuid, nonce, path);
  }

  /** Reads a line of the nonce log; IllegalArgumentException when it is not one. */
  public static ReceivedQuery parse(String line) {
    List<String> parts = List.of(line.split("\t", -1));
    if (parts.size() != 6) {
      throw new IllegalArgumentException("a nonce log line has 6 parts, not " + parts.size());
    }
    return new ReceivedQuery(
        Long.parseLong(parts.get(0)),
        new Uid(Integer.parseInt(parts.get(1))),
        parts.get(2),
        parts.get(3),
        parts.get(4),
        parts.get(5));
  }

  private static String printable(String text) {
    if (text.isEmpty()) {
      return "-";
    }
    StringBuilder clean = new StringBuilder(Math.min(text.length(), MAX_CHARS));
    for (int i = 0; i < text.length() && i < MAX_CHARS; i++) {
      char c = text.charAt(i);
      clean.append(c > ' ' && c < 0x7f ? c : '?');
    }
    return clean.toString();
  }
}
