package org.axonometer.synapse;

import java.util.List;
import org.axonometer.synapse.PythonValue.PySet;

/**
 * The order in which CPython prints a set, where it can be told: at most one element, or ints so
 * small that each has its own slot in the hash table. Text is placed by a hash that is random per
 * process.
 */
final class PythonSetOrder {

  private PythonSetOrder() {}

  /** The elements in printed order; IllegalArgumentException when it depends on hashing. */
  static List<Object> of(PySet set) {
    List<Object> elements = set.elements();
    if (elements.size() <= 1) {
      return elements;
    }
    long slots = slots(elements.size());
    if (!elements.stream().allMatch(e -> e instanceof Long n && n >= 0 && n < slots)) {
      throw new IllegalArgumentException(
          "a set of "
              + elements.size()
              + " elements prints in Python's hash order, which only ints from 0 to "
              + (slots - 1)
              + " make certain");
    }
    return elements.stream().sorted().toList();
  }

  /** The smallest table CPython may use: a power of two from 8 on, at most three fifths full. */
  private static long slots(int size) {
    long slots = 8;
    while (size * 5L >= (slots - 1) * 3) {
      slots *= 2;
    }
    return slots;
  }
}
