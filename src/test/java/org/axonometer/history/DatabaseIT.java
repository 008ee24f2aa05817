package org.axonometer.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import org.axonometer.dendrite.Outcome;
import org.axonometer.testing.BreaksInvariants;
import org.axonometer.testing.StoredRounds;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseIT {
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");

  @TempDir private Path home;

  @BeforeAll
  static void loopback() {
    Database.bindToLoopback();
  }

  @Test
  void refusesADatabaseThatRunsWithoutTheSafeSettings() throws SQLException {
    try (Connection unsafe =
        DriverManager.getConnection("jdbc:h2:" + home.resolve("unsafe"), "sa", "")) {
      assertThatThrownBy(() -> H2File.requireSettings(unsafe, home))
          .isInstanceOf(HistoryException.class)
          .hasMessageContaining("WRITE_DELAY=500; it must be 0");
    }
    try (Connection stale =
        DriverManager.getConnection(
            "jdbc:h2:" + home.resolve("stale") + ";WRITE_DELAY=0", "sa", "")) {
      assertThatThrownBy(() -> H2File.requireSettings(stale, home))
          .isInstanceOf(HistoryException.class)
          .hasMessageContaining("OPTIMIZE_REUSE_RESULTS=0");
    }
  }

  @Test
  void servesOthersOnLoopbackBehindASecret() throws IOException, SQLException {
    try (Database owner = Database.own(home);
        Database guest = Database.connect(home)) {
      assertThat(guest.jdbc().sql("SELECT COUNT(*) FROM outcome").query(Integer.class).single())
          .isEqualTo(Outcome.values().length);
      Path file = home.resolve("db").resolve("owner");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("db"))))
          .isEqualTo("rwx------");
      DatabaseOwner living = DatabaseOwner.living(file).orElseThrow();
      assertThat(living.toString()).doesNotContain(living.secret());
      String unknown =
          "jdbc:h2:tcp://127.0.0.1:"
              + living.port()
              + "/"
              + home.resolve("db").resolve("axonometer");
      assertThatThrownBy(() -> DriverManager.getConnection(unknown, "sa", ""))
          .isInstanceOf(SQLException.class);
      assertThat(listeners(living.port()))
          .as("no other address than 127.0.0.1")
          .isNotEmpty()
          .allMatch(address -> address.endsWith("0100007F"));
      assertThat(owner.activeConnections()).isZero();
    }
    assertThat(home.resolve("db").resolve("owner")).doesNotExist();
  }

  @Test
  void aDeadOwnersFileIsPassedOver() throws IOException {
    try (Database owner = Database.own(home)) {
      assertThat(owner.activeConnections()).isZero();
    }
    Files.writeString(
        home.resolve("db").resolve("owner"),
        "pid=999999999\nstarted=2020-01-01T00:00:00Z\nport=1\nsecret=x\n");
    try (Database reader = Database.connect(home)) {
      assertThat(reader.jdbc().sql("SELECT COUNT(*) FROM round").query(Integer.class).single())
          .isZero();
    }
  }

  @Test
  void theOutcomesTableIsTheEnum() {
    try (Database database = Database.own(home)) {
      for (Outcome outcome : Outcome.values()) {
        String row =
            database
                .jdbc()
                .sql(
                    "SELECT blame || ' ' || latency_known AS facts FROM outcome WHERE name = :name")
                .param("name", outcome.name())
                .query((result, n) -> result.getString("facts"))
                .single();
        assertThat(row).isEqualToIgnoringCase(outcome.blame() + " " + outcome.latencyKnown());
      }
    }
  }

  @Test
  @BreaksInvariants("leaves a database of another version")
  void refusesADatabaseOfANewerVersion() {
    try (Database database = Database.own(home)) {
      database
          .jdbc()
          .sql(
              """
              INSERT INTO "flyway_schema_history" ("installed_rank", "version", "description", "type", "script",
                                                   "installed_by", "execution_time", "success")
              VALUES (999, '999', 'from the future', 'SQL', 'V999__future.sql', 'sa', 1, TRUE)
              """)
          .update();
    }
    assertThatThrownBy(() -> Database.own(home))
        .isInstanceOf(HistoryException.class)
        .hasMessageContaining("does not fit this version");
  }

  @Test
  void refusesADatabaseThatIsSomebodyElses() throws IOException, SQLException {
    Files.createDirectories(home.resolve("db"));
    String url = "jdbc:h2:" + home.resolve("db").resolve("axonometer");
    try (Connection theirs = DriverManager.getConnection(url, "sa", "")) {
      theirs.createStatement().execute("CREATE TABLE invoice (n INTEGER)");
    }
    assertThatThrownBy(() -> Database.own(home))
        .isInstanceOf(HistoryException.class)
        .hasMessageContaining("does not fit this version: Found non-empty schema");
    try (Connection theirs = DriverManager.getConnection(url, "sa", "")) {
      theirs.createStatement().execute("DROP TABLE invoice");
    }
  }

  @Test
  void bodiesOfUsualSizeStandInTheirRowsAlsoInAReopenedFile() {
    for (int i = 0; i < 2; i++) {
      try (Database database = Database.own(home)) {
        new StoredRounds(database).exported("probe", 4, NOW);
        assertThat(
                database
                    .jdbc()
                    .sql(
                        """
                        SELECT setting_value FROM information_schema.settings
                         WHERE setting_name = 'MAX_LENGTH_INPLACE_LOB'
                        """)
                    .query(String.class)
                    .single())
            .isEqualTo("65536");
      }
    }
  }

  @Test
  void anInterruptedThreadDoesNotCloseTheFileForEverybody() {
    try (Database database = Database.own(home)) {
      var rounds = new StoredRounds(database);
      rounds.exported("probe", 4, NOW);
      for (int i = 0; i < 20; i++) {
        Thread.currentThread().interrupt();
        try {
          rounds.exported("probe", 4, NOW.plusSeconds(i));
        } catch (RuntimeException interrupted) {
          // The pool may refuse to wait for a connection; what matters is who suffers.
        } finally {
          Thread.interrupted();
        }
      }
      rounds.exported("other", 4, NOW.plusSeconds(60));
      assertThat(new HistoryQueries(database).brokenInvariants()).isEmpty();
    }
  }

  /** Local addresses, as the kernel writes them, on which something listens at this port. */
  private static java.util.List<String> listeners(int port) throws IOException {
    String hexPort = "%04X".formatted(port);
    return java.util.stream.Stream.of("/proc/net/tcp", "/proc/net/tcp6")
        .flatMap(
            table -> {
              try {
                return Files.readAllLines(Path.of(table)).stream();
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            })
        .map(line -> line.strip().split("\\s+"))
        .filter(
            columns ->
                columns.length > 3 && columns[3].equals("0A") && columns[1].endsWith(":" + hexPort))
        .map(columns -> columns[1].substring(0, columns[1].indexOf(':')))
        .toList();
  }
}
