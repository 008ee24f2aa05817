package org.axonometer.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.torture.FaultPlan.Action;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** H2's file as a kill in the middle of a migration leaves it. */
class CutOffMigrationIT {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"P11, 1", "P11, 4", "P12, 2", "P12, 17"})
  void isBegunAnewByTheNextThatOpensTheFile(CrashPoint point, int number) throws Exception {
    Database.bindToLoopback();
    Path killed = Files.createDirectories(folder.resolve("killed").resolve("db"));
    Path home = folder.resolve("home");
    FaultPlan plan = FaultPlan.at(folder, point, number, Action.HOLD);
    InterposedDriver driver =
        InterposedDriver.install(Interposer.in(home + "/db/axonometer", plan));
    try {
      Thread opening = Thread.ofPlatform().start(() -> Database.own(home).close());
      while (!plan.reached()) {
        assertThat(opening.isAlive()).isTrue();
        LockSupport.parkNanos(5_000_000);
      }
      copy(home.resolve("db"), killed);
      plan.go();
      opening.join();
    } finally {
      driver.uninstall();
    }
    assertThat(killed.resolve("before-migration.zip")).exists();
    try (Database database = Database.own(killed.getParent())) {
      assertThat(new HistoryQueries(database).rounds(1)).isEmpty();
    }
    assertThat(killed.resolve("before-migration.zip")).doesNotExist();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
      for (Path file : files) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}
