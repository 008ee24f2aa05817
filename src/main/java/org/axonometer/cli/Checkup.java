package org.axonometer.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a doctor found, in the order it was looked at. */
final class Checkup {

  /** Axons take nonces that are up to four seconds and a timeout old. */
  static final Duration CLOCKS_AGREE = Duration.ofSeconds(2);

  private final List<Finding> findings = new ArrayList<>();

  /** OK: as it should be. WARN: works, but look at it. The others fail, and say whose fault. */
  enum Level {
    OK("ok"),
    WARN("warn"),
    CONFIGURATION("FAIL"),
    FAULT("FAIL");

    private final String word;

    Level(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /** One line of the doctor's. */
  record Finding(Level level, String name, String detail) {

    @Override
    public String toString() {
      return "%-4s %s: %s".formatted(level.word(), name, detail);
    }
  }

  void ok(String name, String detail) {
    findings.add(new Finding(Level.OK, name, detail));
  }

  void warn(String name, String detail) {
    findings.add(new Finding(Level.WARN, name, detail));
  }

  /** A fault of the set-up: job files, snapshots, limits, folders. */
  void configuration(String name, String detail) {
    findings.add(new Finding(Level.CONFIGURATION, name, detail));
  }

  /** A fault of the database or a wallet. */
  void fault(String name, String detail) {
    findings.add(new Finding(Level.FAULT, name, detail));
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  int exitCode() {
    if (has(Level.FAULT)) {
      return ExitCode.FAULT;
    }
    return has(Level.CONFIGURATION) ? ExitCode.USAGE : ExitCode.GOOD;
  }

  private boolean has(Level level) {
    return findings.stream().anyMatch(finding -> finding.level() == level);
  }
}
