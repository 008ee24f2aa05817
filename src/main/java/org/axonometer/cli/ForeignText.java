package org.axonometer.cli;

/** Text an axon wrote, made fit for a terminal: nothing in it is a command to it. */
final class ForeignText {

  private ForeignText() {}

  /** On one line: control and format characters, line breaks too, become escapes. */
  static String line(String foreign) {
    return ShowCommand.printable(foreign);
  }

  /** As {@link #line}, but line feeds and tabs stay. */
  static String block(String foreign) {
    StringBuilder text = new StringBuilder();
    int from = 0;
    for (int i = 0; i <= foreign.length(); i++) {
      if (i == foreign.length() || foreign.charAt(i) == '\n' || foreign.charAt(i) == '\t') {
        text.append(line(foreign.substring(from, i)));
        if (i < foreign.length()) {
          text.append(foreign.charAt(i));
        }
        from = i + 1;
      }
    }
    return text.toString();
  }
}
