package org.axonometer.cli;

/** What a command ends with; scripts rely on these, so they never change meaning. */
final class ExitCode {
  static final int GOOD = 0;
  static final int USAGE = 1;
  static final int BELOW_THRESHOLD = 2;
  static final int LOCKED = 3;
  static final int INTERRUPTED = 4;
  static final int FAULT = 5;

  private ExitCode() {}
}
