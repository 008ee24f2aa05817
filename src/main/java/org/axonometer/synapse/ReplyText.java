package org.axonometer.synapse;

import org.jspecify.annotations.Nullable;

/**
 * A stranger's text made fit for one line of a log, a terminal or a table: no control, format
 * (bidirectional, zero-width), private, unassigned or surrogate character, no line break, at most
 * so many characters.
 */
public final class ReplyText {

  /** The most characters of a detail or a claim. */
  public static final int LINE_CHARACTERS = 300;

  private static final char REPLACEMENT = '\uFFFD';

  private ReplyText() {}

  /** The text on one line of at most {@link #LINE_CHARACTERS} characters. */
  public static String line(String text) {
    return line(text, LINE_CHARACTERS);
  }

  /** The text or null, on one line of at most {@code maxCharacters} code points. */
  static @Nullable String lineOrNull(@Nullable String text, int maxCharacters) {
    return text == null ? null : line(text, maxCharacters);
  }

  /**
   * The text on one line of at most {@code maxCharacters} code points. White space becomes one
   * blank, any other unprintable character U+FFFD; a cut is marked with three dots.
   */
  static String line(String text, int maxCharacters) {
    StringBuilder line = new StringBuilder(Math.min(text.length(), maxCharacters));
    int written = 0;
    boolean blank = true;
    for (int at = 0; at < text.length(); ) {
      int point = text.codePointAt(at);
      at += Character.charCount(point);
      if (isBlank(point)) {
        if (!blank) {
          line.append(' ');
          written++;
        }
        blank = true;
      } else {
        line.appendCodePoint(isPrintable(point) ? point : REPLACEMENT);
        written++;
        blank = false;
      }
      if (written >= maxCharacters && at < text.length()) {
        line.setLength(line.offsetByCodePoints(line.length(), -3));
        return line.append("...").toString();
      }
    }
    return line.toString().stripTrailing();
  }

  private static boolean isBlank(int point) {
    return point == '\t' || point == '\n' || point == '\r' || Character.isSpaceChar(point);
  }

  private static boolean isPrintable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
