package org.axonometer.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.subnet.NetUid;
import org.axonometer.testing.SnapshotNeurons;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UidTenuresIT {
  @TempDir private Path home;

  @Test
  void aStayLastsUntilAnotherHotkeyShowsAndGoesForwardOnly() {
    Database.bindToLoopback();
    try (Database database = Database.own(home)) {
      store(database, 100, "a", "b");
      store(database, 200, "a", "c");
      store(database, 150, "x", "y");
      store(database, 300, "a", "b");
      assertThat(
              new ReadOnlySql(database)
                      .ask(
                          """
                      SELECT uid, hotkey, from_block, to_block, latest, previous_hotkey
                        FROM v_uid_history ORDER BY uid, from_block
                      """,
                          Map.of(),
                          new ReadOnlySql.Limits(100, Duration.ofSeconds(30)))
                      .rows()
                      .stream()
                      .map(List::toString))
          .containsExactly(
              "[0, a, 100, 300, true, null]",
              "[1, b, 100, 100, false, null]",
              "[1, c, 200, 200, false, b]",
              "[1, b, 300, 300, true, c]");
    }
  }

  private static void store(Database database, long block, String... hotkeys) {
    database
        .jdbc()
        .sql(
            """
            INSERT INTO snapshot
            VALUES (:block, CAST(:block AS VARCHAR), 'finney', 1, :block, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)
            """)
        .param("block", block)
        .update();
    for (int uid = 0; uid < hotkeys.length; uid++) {
      database
          .jdbc()
          .sql(
              "INSERT INTO neuron VALUES (:block, :uid, :hotkey, 'c', 1, 1, 1, 1, TRUE, TRUE, 1, 1, 1, 1)")
          .param("block", block)
          .param("uid", uid)
          .param("hotkey", hotkeys[uid])
          .update();
    }
    new UidTenures(database.jdbc())
        .extend(
            block,
            MetagraphSnapshot.of(
                "finney",
                new NetUid(1),
                block,
                SnapshotNeurons.TAKEN_AT,
                List.of(SnapshotNeurons.notServing(0))));
  }
}
