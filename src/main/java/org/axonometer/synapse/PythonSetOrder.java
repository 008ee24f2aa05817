package org.axonometer.synapse;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.axonometer.synapse.PythonValue.PySet;
import org.jspecify.annotations.Nullable;

/**
 * The order in which CPython prints a set, where it can be told: at most one element, or whole
 * numbers and booleans, whose hashes are themselves. Text is placed by a hash that is random per
 * process.
 *
 * <p>SOURCE: {@code Objects/setobject.c}, the same in CPython 3.7 to 3.14; pydantic fills one set
 * with the elements as they came, and dumping it fills another one in the order of the first.
 */
final class PythonSetOrder {
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(61).subtract(BigInteger.ONE);
  private static final int LEAST_SLOTS = 8;
  private static final int LINEAR_PROBES = 9;
  private static final int PERTURB_SHIFT = 5;

  /** From here on a set doubles where a smaller one grows fourfold. */
  private static final int LARGE = 50_000;

  private @Nullable Object[] slots = new @Nullable Object[LEAST_SLOTS];
  private int used;

  private PythonSetOrder(List<Object> elements) {
    for (Object element : elements) {
      add(element);
    }
  }

  /** The elements in printed order; IllegalArgumentException when it depends on hashing. */
  static List<Object> of(PySet set) {
    List<Object> elements = set.elements();
    if (elements.size() <= 1) {
      return elements;
    }
    if (!elements.stream().allMatch(PythonSetOrder::hasOwnHash)) {
      throw new IllegalArgumentException(
          "a set of "
              + elements.size()
              + " elements prints in Python's hash order, which only whole numbers and booleans"
              + " make certain");
    }
    return new PythonSetOrder(new PythonSetOrder(elements).inOrder()).inOrder();
  }

  private static boolean hasOwnHash(Object element) {
    return element instanceof Long
        || element instanceof BigInteger
        || element instanceof Boolean
        || (element instanceof Double number && isWhole(number));
  }

  private static boolean isWhole(double number) {
    return Double.isFinite(number) && number == Math.rint(number);
  }

  private static long hash(Object element) {
    BigInteger number =
        switch (element) {
          case Boolean truth -> truth ? BigInteger.ONE : BigInteger.ZERO;
          case Long small -> BigInteger.valueOf(small);
          case BigInteger large -> large;
          case Double whole -> new BigDecimal(whole).toBigInteger();
          default -> throw new IllegalArgumentException("no hash of its own: " + element);
        };
    long hash = number.abs().mod(MODULUS).longValueExact();
    long signed = number.signum() < 0 ? -hash : hash;
    return signed == -1 ? -2 : signed; // CPython keeps -1 for errors
  }

  private void add(Object element) {
    place(element);
    used++;
    int mask = slots.length - 1;
    if (used * 5L >= mask * 3L) {
      grow(used > LARGE ? used * 2L : used * 4L);
    }
  }

  private void grow(long atLeast) {
    @Nullable Object[] before = slots;
    int size = LEAST_SLOTS;
    while (size <= atLeast) {
      size <<= 1;
    }
    slots = new @Nullable Object[size];
    for (Object element : before) {
      if (element != null) {
        place(element);
      }
    }
  }

  private void place(Object element) {
    int mask = slots.length - 1;
    long perturb = hash(element);
    int at = (int) (perturb & mask);
    while (true) {
      int last = at + LINEAR_PROBES <= mask ? at + LINEAR_PROBES : at;
      for (int probe = at; probe <= last; probe++) {
        if (slots[probe] == null) {
          slots[probe] = element;
          return;
        }
      }
      perturb >>>= PERTURB_SHIFT;
      at = (int) ((at * 5L + 1 + perturb) & mask);
    }
  }

  private List<Object> inOrder() {
    List<Object> order = new ArrayList<>(used);
    for (Object slot : slots) {
      if (slot != null) {
        order.add(slot);
      }
    }
    return order;
  }
}
