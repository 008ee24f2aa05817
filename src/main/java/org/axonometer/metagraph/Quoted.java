package org.axonometer.metagraph;

/** Foreign text made safe for a message: printable ASCII only, and not long. */
final class Quoted {

  private static final int SHOWN_CHARS = 80;

  private Quoted() {}

  /** The text in double quotes. */
  static String text(String foreign) {
    return '"' + printable(foreign, SHOWN_CHARS) + '"';
  }

  /** The text with every other character than printable ASCII written as an escape. */
  static String printable(String foreign, int maxChars) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < Math.min(foreign.length(), maxChars); i++) {
      char c = foreign.charAt(i);
      if (c >= ' ' && c <= '~') {
        shown.append(c);
      } else {
        shown.append("\\u%04x".formatted((int) c));
      }
    }
    return foreign.length() > maxChars ? shown.append("...").toString() : shown.toString();
  }
}
