package org.axonometer.subnet;

/**
 * The place of a neuron in its subnet, 0 to 65,535. A uid passes to another hotkey when its neuron
 * is replaced.
 */
public record Uid(int value) implements Comparable<Uid> {

  public Uid {
    if (value < 0 || value > 65_535) {
      throw new IllegalArgumentException("uid must be 0..65535, was " + value);
    }
  }

  @Override
  public int compareTo(Uid other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
