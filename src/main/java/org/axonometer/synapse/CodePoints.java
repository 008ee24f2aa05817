package org.axonometer.synapse;

import java.util.Arrays;

/** A set of code points as sorted ranges. */
final class CodePoints {
  private final int[] first;
  private final int[] last;

  private CodePoints(int[] first, int[] last) {
    this.first = first;
    this.last = last;
  }

  /** Reads ascending hexadecimal numbers and {@code first-last} ranges between white space. */
  static CodePoints parse(String text) {
    String[] words = text.isBlank() ? new String[0] : text.strip().split("\\s+", -1);
    int[] first = new int[words.length];
    int[] last = new int[words.length];
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      int dash = word.indexOf('-');
      first[i] = Integer.parseInt(dash < 0 ? word : word.substring(0, dash), 16);
      last[i] = dash < 0 ? first[i] : Integer.parseInt(word.substring(dash + 1), 16);
    }
    return new CodePoints(first, last);
  }

  boolean contains(int codePoint) {
    int at = Arrays.binarySearch(first, codePoint);
    int range = at >= 0 ? at : -at - 2;
    return range >= 0 && codePoint <= last[range];
  }
}
