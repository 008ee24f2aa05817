package org.axonometer.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.h2.api.ErrorCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadOnlySqlIT {
  private static final ReadOnlySql.Limits LIMITS =
      new ReadOnlySql.Limits(100, Duration.ofSeconds(30));

  @TempDir private Path home;
  private Database database;

  @BeforeEach
  void open() {
    Database.bindToLoopback();
    database = Database.own(home);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private SqlRows ask(String sql) {
    return new ReadOnlySql(database).ask(sql, Map.of(), LIMITS);
  }

  @Test
  void stopsReadingAtTheLimitOfCharacters() {
    var limits = new ReadOnlySql.Limits(1_000_000, Duration.ofSeconds(30), 10_000);
    String sql = "SELECT REPEAT('a', 1000) AS text, x FROM system_range(1, %d)";
    assertThat(new ReadOnlySql(database).ask(sql.formatted(9), Map.of(), limits).rows()).hasSize(9);
    assertThatThrownBy(
            () -> new ReadOnlySql(database).ask(sql.formatted(500_000), Map.of(), limits))
        .isInstanceOf(SqlException.class)
        .hasMessage("row 10 goes over the 10000 characters that all rows together may have");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE round SET seed = 1",
        "INSERT INTO outcome VALUES ('X', 'NONE', TRUE)",
        "DELETE FROM outcome",
        "MERGE INTO outcome VALUES ('OK', 'MINER', TRUE)",
        "TRUNCATE TABLE seal",
        "DROP TABLE seal",
        "ALTER TABLE seal ADD COLUMN x INTEGER",
        "CREATE TABLE x (n INTEGER)",
        "CREATE VIEW x AS SELECT 1 AS n",
        "CREATE INDEX x ON seal (job)",
        "SELECT * FROM FINAL TABLE (UPDATE outcome SET latency_known = FALSE)",
        "SELECT 1; UPDATE outcome SET latency_known = FALSE",
        "SELECT FILE_READ('/etc/hostname')",
        "SELECT FILE_WRITE('x', '/tmp/axonometer-must-not-exist')",
        "SELECT * FROM CSVREAD('/etc/hostname')",
        "CALL CSVWRITE('/tmp/axonometer-must-not-exist', 'SELECT 1')",
        "CREATE ALIAS x FOR 'java.lang.System.exit'",
        "CREATE TRIGGER x BEFORE INSERT ON seal CALL 'x.Y'",
        "CREATE LINKED TABLE x('', 'jdbc:h2:mem:x', 'sa', '', 'T')",
        "SELECT * FROM LINK_SCHEMA('X', '', 'jdbc:h2:mem:x', 'sa', '', 'PUBLIC')",
        "RUNSCRIPT FROM '/tmp/x.sql'",
        "SCRIPT",
        "BACKUP TO '/tmp/axonometer-must-not-exist'",
        "SHUTDOWN",
        "CHECKPOINT",
        "CALL ABORT_SESSION(1)",
        "CALL CANCEL_SESSION(1)",
        "SET WRITE_DELAY 500",
        "SET EXCLUSIVE 2",
        "CREATE USER x PASSWORD 'x'",
        "ALTER USER reader ADMIN TRUE",
        "ALTER USER sa SET PASSWORD 'x'",
        "GRANT INSERT ON seal TO reader",
      })
  void mayNotDoAnythingButRead(String sql) throws SQLException {
    try (Connection reader = database.readerConnection();
        Statement statement = reader.createStatement()) {
      assertThatThrownBy(() -> statement.execute(sql))
          .isInstanceOfSatisfying(
              SQLException.class,
              refusal ->
                  assertThat(refusal.getErrorCode())
                      .isIn(ErrorCode.NOT_ENOUGH_RIGHTS_FOR_1, ErrorCode.ADMIN_RIGHTS_REQUIRED));
    }
    assertThatThrownBy(() -> ask(sql))
        .isInstanceOf(SqlException.class)
        .hasMessageStartingWith("the database refuses, sql can only read: ");
    assertThat(Path.of("/tmp/axonometer-must-not-exist")).doesNotExist();
    assertThat(ask("SELECT COUNT(*) AS n FROM outcome WHERE latency_known").rows())
        .isEqualTo(List.of(List.of(4L)));
  }

  @Test
  void theReadersOwnSettingsAreNoWayOut() {
    assertThatThrownBy(() -> ask("ALTER USER reader SET PASSWORD 'x'"))
        .isInstanceOf(SqlException.class);
    assertThatThrownBy(() -> ask("SET QUERY_TIMEOUT 0")).isInstanceOf(SqlException.class);
    ask("SELECT 1; ALTER USER reader SET PASSWORD 'x'");
    assertThat(ask("SELECT 1 AS n").rows()).isEqualTo(List.of(List.of(1L)));
  }

  @Test
  void readsThroughTheOwner() {
    assertThat(ask("SELECT 1 AS n").columns()).containsExactly("n");
    try (Database guest = Database.connect(home)) {
      SqlRows rows =
          new ReadOnlySql(guest)
              .ask(
                  "SELECT name FROM outcome WHERE blame = :blame", Map.of("blame", "NONE"), LIMITS);
      assertThat(rows.rows()).isEqualTo(List.of(List.of("OK")));
    }
  }

  @Test
  void readsWhenNobodyOwnsTheFile() {
    database.close();
    for (int i = 0; i < 2; i++) {
      try (Database alone = Database.connect(home)) {
        assertThat(new ReadOnlySql(alone).ask("SELECT 1 AS n", Map.of(), LIMITS).rows()).hasSize(1);
      }
    }
  }

  @Test
  void saysWhenItCutAndStopsAfterItsTime() {
    SqlRows cut = ask("SELECT x FROM SYSTEM_RANGE(1, 101)");
    assertThat(cut.cut()).isTrue();
    assertThat(cut.rows()).hasSize(100);
    assertThat(ask("SELECT x FROM SYSTEM_RANGE(1, 100)").cut()).isFalse();
    var second = new ReadOnlySql.Limits(1, Duration.ofSeconds(1));
    assertThatThrownBy(
            () ->
                new ReadOnlySql(database)
                    .ask(
                        "SELECT COUNT(*) FROM SYSTEM_RANGE(1, 1000000) a, SYSTEM_RANGE(1, 1000000) b WHERE a.x <> b.x",
                        Map.of(),
                        second))
        .isInstanceOf(SqlException.class)
        .hasMessage("stopped after 1 s; ask for less, or give more time with --timeout");
  }

  @Test
  void valuesHaveTheirNamesAndNothingElse() {
    assertThatThrownBy(() -> ask("SELECT :x"))
        .isInstanceOf(SqlException.class)
        .hasMessage("the statement needs a value for :x; give it with --set x=…");
    assertThatThrownBy(() -> new ReadOnlySql(database).ask("SELECT 1", Map.of("tpyo", "1"), LIMITS))
        .isInstanceOf(SqlException.class)
        .hasMessageContaining("has no :tpyo");
    assertThatThrownBy(() -> ask("SELECT nothing FROM round"))
        .isInstanceOf(SqlException.class)
        .hasMessage("Column \"NOTHING\" not found");
  }

  @Test
  void everyKindOfValueIsRead() {
    assertThat(
            ask("""
                    SELECT 1, CAST(1.50 AS NUMERIC(5, 2)), CAST(0.5 AS DOUBLE PRECISION), TRUE, 'text', NULL, X'00ff',
                           TIMESTAMP WITH TIME ZONE '2026-11-23 01:02:03+02:00', CAST(NULL AS BIGINT),
                           CAST(X'aced0005' AS JAVA_OBJECT)
                    """)
                .rows()
                .getFirst())
        .containsExactly(
            1L,
            new java.math.BigDecimal("1.50"),
            0.5,
            true,
            "text",
            null,
            "00ff",
            "2026-11-22T23:02:03Z",
            null,
            "aced0005");
  }
}
