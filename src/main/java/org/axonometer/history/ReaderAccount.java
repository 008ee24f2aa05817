package org.axonometer.history;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.axonometer.subnet.Sha256;

/**
 * The database user that can SELECT from our tables and views and nothing else: no write, no file,
 * no link to another database, no administration. Its password follows from the owner's secret, so
 * that whoever may connect as the owner may connect as this one.
 */
record ReaderAccount(String url, String password) {
  private static final String NAME = "READER";

  static ReaderAccount of(String url, String secret) {
    return new ReaderAccount(
        url, Sha256.hex(("reader " + secret).getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * A connection as this user, who is made first: an owner's database has none yet, or one with a
   * former owner's password.
   */
  Connection connect(DataSource database) throws SQLException {
    make(database);
    return DriverManager.getConnection(url, NAME, password);
  }

  private void make(DataSource database) throws SQLException {
    try (Connection owner = database.getConnection();
        Statement statement = owner.createStatement()) {
      // The password is 64 hexadecimal digits; a user's name and password cannot be parameters.
      statement.execute("CREATE USER IF NOT EXISTS reader PASSWORD '" + password + "'");
      statement.execute("ALTER USER reader SET PASSWORD '" + password + "'");
      statement.execute("GRANT SELECT ON SCHEMA public TO reader");
    }
  }

  @Override
  public String toString() {
    return "the reading user";
  }
}
