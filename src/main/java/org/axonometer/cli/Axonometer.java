package org.axonometer.cli;

/** The program. */
public final class Axonometer {

  private Axonometer() {}

  public static void main(String[] args) {
    System.out.println("axonometer");
  }
}
