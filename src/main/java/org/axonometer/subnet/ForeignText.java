package org.axonometer.subnet;

/**
 * Text of strangers in a line of a log, a message or a terminal: what could end the line, hide
 * something in it or command the terminal is written as its code. Not for text that is stored: that
 * has no escapes, and rooms say themselves what they replace.
 */
public final class ForeignText {

  private ForeignText() {}

  /** Control, format (bidirectional, zero-width) and line-breaking characters, half of a pair. */
  public static boolean isHarmful(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  /** The text with each harmful character as in JSON, such as {@code \\u001b}. */
  public static String escape(String foreign) {
    var shown = new StringBuilder(foreign.length());
    foreign.codePoints().forEach(point -> append(point, shown));
    return shown.toString();
  }

  /** As {@link #escape(String)}, cut after so many characters, which an ellipsis says. */
  public static String escape(String foreign, int mostCharacters) {
    if (foreign.codePointCount(0, foreign.length()) <= mostCharacters) {
      return escape(foreign);
    }
    return escape(foreign.substring(0, foreign.offsetByCodePoints(0, mostCharacters))) + "…";
  }

  private static void append(int point, StringBuilder shown) {
    if (isHarmful(point)) {
      for (char half : Character.toChars(point)) {
        shown.append("\\u%04x".formatted((int) half));
      }
    } else {
      shown.appendCodePoint(point);
    }
  }
}
