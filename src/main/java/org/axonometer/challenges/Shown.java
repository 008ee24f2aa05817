package org.axonometer.challenges;

import org.axonometer.subnet.ForeignText;

/** Foreign text as a message shows it: short, on one line, with nothing a terminal would obey. */
final class Shown {
  private static final int LONGEST = 300;

  private Shown() {}

  static String text(String foreign) {
    return ForeignText.escape(foreign, LONGEST);
  }
}
