package org.axonometer.bench;

import java.sql.Connection;
import java.sql.SQLException;
import org.axonometer.testing.TestPostgres;

/**
 * A real PostgreSQL with an empty database, until its standard input ends. Prints the variables a
 * program needs to use it, one a line, and its version.
 */
public final class PostgresServer {

  private PostgresServer() {}

  public static void main(String[] args) throws InterruptedException, SQLException {
    StandardInput.endWithIt();
    TestPostgres server = TestPostgres.create();
    server.variables().forEach((name, value) -> System.out.println(name + "=" + value));
    try (Connection admin = server.admin()) {
      System.out.println("version=" + admin.getMetaData().getDatabaseProductVersion());
    }
    System.out.println("listening");
    Thread.currentThread().join();
  }
}
