package org.axonometer.bench;

import java.io.IOException;

/** A server lives as long as whoever started it keeps its standard input open. */
final class StandardInput {

  private StandardInput() {}

  /** Ends this process with its input. */
  static void endWithIt() {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // Nobody says anything.
                }
              } catch (IOException gone) {
                // As at its end.
              }
              System.exit(0);
            });
  }
}
