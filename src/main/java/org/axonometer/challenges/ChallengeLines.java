package org.axonometer.challenges;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Bytes cut into lines at line feeds; the numbers of lines start at 1. */
final class ChallengeLines {

  /** One line without its ending. */
  static final class Line {
    private final int number;
    private final byte[] bytes;

    private Line(int number, byte[] bytes) {
      this.number = number;
      this.bytes = bytes;
    }

    int number() {
      return number;
    }

    byte[] bytes() {
      return bytes.clone();
    }

    boolean isBlank() {
      for (byte b : bytes) {
        if (b != ' ' && b != '\t') {
          return false;
        }
      }
      return true;
    }
  }

  private ChallengeLines() {}

  /** All lines; what follows the last line feed is one when it is not empty. */
  static List<Line> of(byte[] bytes) {
    List<Line> lines = new ArrayList<>();
    int start = 0;
    while (start < bytes.length) {
      int end = start;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      int stop = end > start && bytes[end - 1] == '\r' ? end - 1 : end;
      lines.add(new Line(lines.size() + 1, Arrays.copyOfRange(bytes, start, stop)));
      start = end + 1;
    }
    return lines;
  }
}
