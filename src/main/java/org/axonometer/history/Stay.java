package org.axonometer.history;

import java.util.ArrayList;
import java.util.List;

/**
 * Something that stayed the same from one block to another, such as the hotkey of a uid.
 *
 * @param from block of the first snapshot that shows it
 * @param to block of the last one
 */
record Stay(String value, long from, long to) {

  /**
   * The stays after one more sight; snapshots may come in any order.
   *
   * @param stays in block order, not overlapping
   */
  static List<Stay> with(List<Stay> stays, String value, long block) {
    List<Stay> after = new ArrayList<>(stays);
    int at = 0;
    while (at < after.size() && after.get(at).to < block) {
      at++;
    }
    if (at < after.size() && after.get(at).from <= block) {
      after.get(at).seenInside(value, block, after, at);
    } else if (at > 0 && after.get(at - 1).value.equals(value)) {
      after.set(at - 1, new Stay(value, after.get(at - 1).from, block));
    } else if (at < after.size() && after.get(at).value.equals(value)) {
      after.set(at, new Stay(value, block, after.get(at).to));
    } else {
      after.add(at, new Stay(value, block, block));
    }
    return after;
  }

  /**
   * Another value inside this stay cuts it in two, of which only the outer ends are known. At such
   * an end the first sight counts: two snapshots of one block contradict each other.
   */
  private void seenInside(String other, long block, List<Stay> stays, int at) {
    if (other.equals(value) || block == from || block == to) {
      return;
    }
    stays.set(at, new Stay(value, to, to));
    stays.add(at, new Stay(other, block, block));
    stays.add(at, new Stay(value, from, from));
  }
}
