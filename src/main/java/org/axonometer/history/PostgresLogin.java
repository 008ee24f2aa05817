package org.axonometer.history;

import java.util.Optional;
import java.util.Properties;

/** A PostgreSQL database with the passwords of its two roles, which it never prints. */
public final class PostgresLogin {
  private final PostgresAddress address;
  private final String password;
  private final Optional<String> readerPassword;

  /**
   * @param password of the role that writes; empty where the server asks none
   * @param readerPassword of the role that can only read; empty when it is not known
   */
  public PostgresLogin(PostgresAddress address, String password, Optional<String> readerPassword) {
    this.address = address;
    this.password = password;
    this.readerPassword = readerPassword;
  }

  PostgresAddress address() {
    return address;
  }

  /** The driver's settings for the role that writes. */
  Properties owner() {
    return settings(address.user(), password);
  }

  /**
   * The driver's settings for the role that can only read.
   *
   * @throws HistoryException when its password is not known
   */
  Properties reader() {
    return settings(
        address.reader(),
        readerPassword.orElseThrow(
            () ->
                new HistoryException(
                    "sql asks as the role %s, whose password is not known; give it in AXONOMETER_DB_READER_PASSWORD, in AXONOMETER_DB_READER_PASSWORD_FILE or in database-reader-password below --home"
                        .formatted(address.reader()))));
  }

  private Properties settings(String user, String secret) {
    var settings = new Properties();
    settings.setProperty("user", user);
    settings.setProperty("password", secret);
    settings.setProperty("sslmode", address.tls().text());
    address.rootCertificate().ifPresent(file -> settings.setProperty("sslrootcert", file));
    settings.setProperty("ApplicationName", "axonometer");
    settings.setProperty("connectTimeout", "10");
    settings.setProperty("tcpKeepAlive", "true");
    return settings;
  }

  @Override
  public String toString() {
    return address.toString();
  }
}
