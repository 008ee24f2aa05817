package org.axonometer.challenges;

import java.util.stream.Collectors;

/** Foreign text as a message shows it: short, on one line, with nothing a terminal would obey. */
final class Shown {
  private static final int LONGEST = 300;

  private Shown() {}

  static String text(String foreign) {
    String shown =
        foreign
            .codePoints()
            .limit(LONGEST)
            .mapToObj(c -> isHarmless(c) ? Character.toString(c) : "\\u%04x".formatted(c))
            .collect(Collectors.joining());
    return foreign.codePointCount(0, foreign.length()) > LONGEST ? shown + "…" : shown;
  }

  private static boolean isHarmless(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
