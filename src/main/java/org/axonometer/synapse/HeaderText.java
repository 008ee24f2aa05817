package org.axonometer.synapse;

/** Text that may stand in an HTTP header: visible ASCII, no white space. */
final class HeaderText {
  private static final int MOST_CHARACTERS = 200;

  private HeaderText() {}

  /** Refuses what could end a header or begin another; the message shows no such character. */
  static void require(String what, String text) {
    if (text.isEmpty()
        || text.length() > MOST_CHARACTERS
        || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException(
          what
              + " must be 1 to "
              + MOST_CHARACTERS
              + " visible ASCII characters without spaces, was "
              + PythonText.repr(text.length() > 60 ? text.substring(0, 60) + "..." : text));
    }
  }
}
