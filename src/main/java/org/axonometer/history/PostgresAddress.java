package org.axonometer.history;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a PostgreSQL database is and as whom it is used, by its parts alone: no driver option can
 * come with it, and no password.
 *
 * @param host name or address; an IPv6 address in brackets
 * @param tls how the connection is protected
 * @param rootCertificate the file with the authority that signed the server's certificate
 */
public record PostgresAddress(
    String host,
    int port,
    String database,
    String user,
    Tls tls,
    Optional<String> rootCertificate) {
  private static final String SCHEME = "postgresql://";
  private static final String FORM =
      "postgresql://<user>@<host>[:<port>]/<database>[?sslmode=<mode>&sslrootcert=<file>]";
  private static final Pattern PARTS =
      Pattern.compile(
          "postgresql://(?<user>[^@/?]+)@(?<host>\\[[0-9a-fA-F:]+]|[A-Za-z0-9.-]+)(?::(?<port>\\d{1,5}))?"
              + "/(?<database>[^/?]+)(?:\\?(?<options>.*))?");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,54}");
  private static final Pattern FILE = Pattern.compile("/[A-Za-z0-9._/-]+");
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  /** How a connection is protected: the modes of PostgreSQL that leave nothing to chance. */
  public enum Tls {
    DISABLE,
    REQUIRE,
    VERIFY_CA,
    VERIFY_FULL;

    /** As PostgreSQL writes it. */
    String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public PostgresAddress {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("the port must be 1 to 65535, was " + port);
    }
  }

  /** Whether the text is meant as one, well written or not. */
  public static boolean isMeant(String text) {
    return text.startsWith("postgres") || text.startsWith("jdbc:");
  }

  /**
   * Reads {@code postgresql://user@host:port/database}, with {@code sslmode} and {@code
   * sslrootcert} as its only options. Without a mode the server's certificate is verified, except
   * on this very machine.
   *
   * @throws HistoryException when it is anything else; what it holds is then not repeated, because
   *     it may be a password
   */
  public static PostgresAddress parse(String text) {
    Matcher parts = PARTS.matcher(text);
    if (!text.startsWith(SCHEME) || !parts.matches()) {
      throw wrong("it is not written " + FORM);
    }
    String user = parts.group("user");
    if (user.indexOf(':') >= 0) {
      throw wrong(
          "it holds a password, which others could read in the list of processes; give it in a file or a variable");
    }
    String host = parts.group("host");
    Tls tls = LOOPBACK.contains(host) ? Tls.DISABLE : Tls.VERIFY_FULL;
    Optional<String> rootCertificate = Optional.empty();
    String options = parts.group("options");
    Set<String> given = new HashSet<>();
    for (String option : options == null ? new String[0] : options.split("&", -1)) {
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      String value = option.substring(equals + 1);
      if (!given.add(name)) {
        throw wrong("an option is there twice");
      }
      switch (name) {
        case "sslmode" -> tls = tls(value);
        case "sslrootcert" -> rootCertificate = Optional.of(file(value));
        default -> throw wrong("its options are sslmode and sslrootcert, and no others");
      }
    }
    int port = parts.group("port") == null ? 5432 : Integer.parseInt(parts.group("port"));
    if (port < 1 || port > 65_535) {
      throw wrong("the port must be 1 to 65535, was " + port);
    }
    return new PostgresAddress(
        host,
        port,
        name("database", parts.group("database")),
        name("user", user),
        tls,
        rootCertificate);
  }

  private static String name(String what, String text) {
    if (!NAME.matcher(text).matches()) {
      throw wrong(
          "the %s is at most 55 letters, digits, '_' and '-', and begins with a letter or '_'"
              .formatted(what));
    }
    return text;
  }

  private static String file(String text) {
    if (!FILE.matcher(text).matches()) {
      throw wrong("sslrootcert is the absolute path of a file, of letters, digits, '.', '_', '-'");
    }
    return text;
  }

  private static Tls tls(String mode) {
    for (Tls tls : Tls.values()) {
      if (tls.text().equals(mode)) {
        return tls;
      }
    }
    throw wrong("sslmode is one of disable, require, verify-ca, verify-full");
  }

  private static HistoryException wrong(String why) {
    return new HistoryException("the database address is wrong: " + why);
  }

  /** The role that can only read, beside the one that writes. */
  String reader() {
    return user + "_reader";
  }

  String url() {
    return "jdbc:postgresql://%s:%d/%s".formatted(host, port, database);
  }

  @Override
  public String toString() {
    return "%s%s@%s:%d/%s".formatted(SCHEME, user, host, port, database);
  }
}
