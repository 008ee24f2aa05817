package org.axonometer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.axonometer.history.PostgresAddress;
import org.axonometer.history.PostgresLogin;
import org.axonometer.wallet.SecretLine;
import org.axonometer.wallet.WalletException;
import org.jspecify.annotations.Nullable;

/**
 * Which database an operator wants: by the flag, else the variable, else the file below the home
 * folder, else H2's file.
 *
 * @param flag the address on the command line
 * @param passwordFile the file on the command line
 */
record DatabaseChoice(
    Path home, @Nullable String flag, @Nullable Path passwordFile, Map<String, String> variables) {
  private static final String H2 = "h2";

  /** The PostgreSQL database with its passwords; empty for H2's file. */
  Optional<PostgresLogin> postgres() {
    return address()
        .map(
            address ->
                new PostgresLogin(
                    address,
                    password(passwordFile, "AXONOMETER_DB_PASSWORD", "database-password")
                        .orElse(""),
                    password(null, "AXONOMETER_DB_READER_PASSWORD", "database-reader-password")));
  }

  private Optional<PostgresAddress> address() {
    @Nullable String text = flag;
    if (text == null) {
      text = variables.get("AXONOMETER_DB");
    }
    if (text == null && Files.isRegularFile(home.resolve("database"))) {
      text = firstLine(home.resolve("database"));
    }
    if (text == null || text.isEmpty() || text.equals(H2)) {
      return Optional.empty();
    }
    if (!PostgresAddress.isMeant(text)) {
      throw new CommandException(
          "the database is neither h2 nor postgresql://<user>@<host>[:<port>]/<database>");
    }
    return Optional.of(PostgresAddress.parse(text));
  }

  private Optional<String> password(@Nullable Path file, String variable, String fileName) {
    if (file != null) {
      return Optional.of(secret(file));
    }
    @Nullable String fileOfVariable = variables.get(variable + "_FILE");
    if (fileOfVariable != null) {
      return Optional.of(secret(Path.of(fileOfVariable)));
    }
    @Nullable String password = variables.get(variable);
    if (password != null) {
      return Optional.of(password);
    }
    Path kept = home.resolve(fileName);
    return Files.isRegularFile(kept) ? Optional.of(secret(kept)) : Optional.empty();
  }

  private static String secret(Path file) {
    try {
      return SecretLine.text(file).strip();
    } catch (WalletException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e);
    }
  }

  private static String firstLine(Path file) {
    try {
      return Files.readString(file).lines().findFirst().orElse("").strip();
    } catch (IOException e) {
      throw new CommandException(
          "the file %s cannot be read: %s".formatted(file, e.getClass().getSimpleName()), e);
    }
  }
}
