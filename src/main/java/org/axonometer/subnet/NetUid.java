package org.axonometer.subnet;

/** The number of a subnet, 0 to 65,535. */
public record NetUid(int value) {

  public NetUid {
    if (value < 0 || value > 65_535) {
      throw new IllegalArgumentException("netuid must be 0..65535, was " + value);
    }
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
