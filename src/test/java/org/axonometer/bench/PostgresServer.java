package org.axonometer.bench;

import org.axonometer.testing.TestPostgres;

/**
 * A real PostgreSQL with an empty database, until its standard input ends. Prints the variables a
 * program needs to use it, one a line.
 */
public final class PostgresServer {

  private PostgresServer() {}

  public static void main(String[] args) throws InterruptedException {
    StandardInput.endWithIt();
    TestPostgres.create()
        .variables()
        .forEach((name, value) -> System.out.println(name + "=" + value));
    System.out.println("listening");
    Thread.currentThread().join();
  }
}
