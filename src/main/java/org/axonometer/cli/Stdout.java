package org.axonometer.cli;

import java.io.PrintWriter;

/**
 * Standard output of commands whose result may be long and is read by other programs: that it did
 * not arrive is an error, where Java's own streams only remember it.
 */
final class Stdout {

  private Stdout() {}

  /**
   * Writes bytes as they are.
   *
   * @throws BrokenException when not all of them arrived
   */
  static void write(byte[] bytes) {
    System.out.writeBytes(bytes);
    require(System.out.checkError());
  }

  /**
   * @throws BrokenException when not all that was printed arrived
   */
  static void requireWhole(PrintWriter printed) {
    printed.flush();
    // The writer is picocli's and knows nothing of what became of the stream below it.
    require(System.out.checkError());
  }

  private static void require(boolean broken) {
    if (broken) {
      throw new BrokenException(
          "standard output took less than all of the result: its reader has gone, or its disk is full");
    }
  }

  /** The result did not arrive. */
  static final class BrokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenException(String message) {
      super(message);
    }
  }
}
