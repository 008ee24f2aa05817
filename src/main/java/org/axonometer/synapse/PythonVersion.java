package org.axonometer.synapse;

import java.util.List;

/**
 * A Python release as far as printing text goes: which characters {@code repr} shows as themselves.
 * Nothing printable in one of these releases became unprintable in a later one.
 *
 * <p>SOURCE: {@code str.isprintable} of every code point was listed with CPython 3.10, 3.11, 3.12
 * and 3.13 by {@code scripts/printable_ranges.py} and, for Unicode 16, from {@link
 * Character#getType(int)} of JDK 25; each list below is the difference to the release before it, in
 * hexadecimal. The counts of printable code points are 143,680, 144,516, 148,998, 149,625 and
 * 154,810.
 */
final class PythonVersion {
  /** Printable since Unicode 14. */
  private static final CodePoints SINCE_3_11 =
      CodePoints.parse(
          """
          61d 870-88e 898-89f 8b5 8c8-8d2 c3c c5d cdd 170d 1715 171f 180f 1ac1-1ace 1b4c
          1b7d-1b7e 1dfa 20c0 2c2f 2c5f 2e53-2e5d 9ffd-9fff a7c0-a7c1 a7d0-a7d1 a7d3 a7d5-a7d9
          a7f2-a7f4 fbc2 fd40-fd4f fdcf fdfe-fdff 10570-1057a 1057c-1058a 1058c-10592
          10594-10595 10597-105a1 105a3-105b1 105b3-105b9 105bb-105bc 10780-10785 10787-107b0
          107b2-107ba 10f70-10f89 11070-11075 110c2 116b9 11740-11746 11ab0-11abf 12f90-12ff2
          16a70-16abe 16ac0-16ac9 1aff0-1aff3 1aff5-1affb 1affd-1affe 1b11f-1b122 1cf00-1cf2d
          1cf30-1cf46 1cf50-1cfc3 1d1e9-1d1ea 1df00-1df1e 1e290-1e2ae 1e7e0-1e7e6 1e7e8-1e7eb
          1e7ed-1e7ee 1e7f0-1e7fe 1f6dd-1f6df 1f7f0 1f979 1f9cc 1fa7b-1fa7c 1faa9-1faac
          1fab7-1faba 1fac3-1fac5 1fad7-1fad9 1fae0-1fae7 1faf0-1faf6 2a6de-2a6df 2b735-2b738
      """);

  /** Printable since Unicode 15.0. */
  private static final CodePoints SINCE_3_12 =
      CodePoints.parse(
          """
          cf3 ece 10efd-10eff 1123f-11241 11b00-11b09 11f00-11f10 11f12-11f3a 11f3e-11f59
          1342f 13440-13455 1b132 1b155 1d2c0-1d2d3 1df25-1df2a 1e030-1e06d 1e08f 1e4d0-1e4f9
          1f6dc 1f774-1f776 1f77b-1f77f 1f7d9 1fa75-1fa77 1fa87-1fa88 1faad-1faaf 1fabb-1fabd
          1fabf 1face-1facf 1fada-1fadb 1fae8 1faf7-1faf8 2b739 31350-323af
      """);

  /** Printable since Unicode 15.1. */
  private static final CodePoints SINCE_3_13 =
      CodePoints.parse(
          """
          2ffc-2fff 31ef 2ebf0-2ee5d
      """);

  /** Printable since Unicode 16. */
  private static final CodePoints SINCE_3_14 =
      CodePoints.parse(
          """
          897 1b4e-1b4f 1b7f 1c89-1c8a 2427-2429 31e4-31e5 a7cb-a7cd a7da-a7dc 105c0-105f3
          10d40-10d65 10d69-10d85 10d8e-10d8f 10ec2-10ec4 10efc 11380-11389 1138b 1138e
          11390-113b5 113b7-113c0 113c2 113c5 113c7-113ca 113cc-113d5 113d7-113d8 113e1-113e2
          116d0-116e3 11bc0-11be1 11bf0-11bf9 11f5a 13460-143fa 16100-16139 16d40-16d79 18cff
          1cc00-1ccf9 1cd00-1ceb3 1e5d0-1e5fa 1e5ff 1f8b2-1f8bb 1f8c0-1f8c1 1fa89 1fa8f 1fabe
          1fac6 1fadc 1fadf 1fae9 1fbcb-1fbef
      """);

  /** 3.9 and 3.10: Unicode 13. */
  static final PythonVersion PYTHON_3_10 =
      new PythonVersion(List.of(SINCE_3_11, SINCE_3_12, SINCE_3_13, SINCE_3_14));

  /** Unicode 14. */
  static final PythonVersion PYTHON_3_11 =
      new PythonVersion(List.of(SINCE_3_12, SINCE_3_13, SINCE_3_14));

  /** Unicode 15.0. */
  static final PythonVersion PYTHON_3_12 = new PythonVersion(List.of(SINCE_3_13, SINCE_3_14));

  /** Unicode 15.1. */
  static final PythonVersion PYTHON_3_13 = new PythonVersion(List.of(SINCE_3_14));

  /** Unicode 16, the tables of JDK 25. */
  static final PythonVersion PYTHON_3_14 = new PythonVersion(List.of());

  /** Below this every version agrees. */
  private static final int FIRST_NEW = 0x61d;

  private final List<CodePoints> notYetPrintable;

  private PythonVersion(List<CodePoints> notYetPrintable) {
    this.notYetPrintable = notYetPrintable;
  }

  /** Whether {@code str.isprintable} holds, and so {@code repr} shows the character itself. */
  boolean prints(int codePoint) {
    if (!printsOnJdk(codePoint)) {
      return false;
    }
    if (codePoint >= FIRST_NEW) {
      for (CodePoints later : notYetPrintable) {
        if (later.contains(codePoint)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean printsOnJdk(int codePoint) {
    return switch ((byte) Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> codePoint == ' ';
      default -> true;
    };
  }
}
