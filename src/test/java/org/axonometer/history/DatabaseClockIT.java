package org.axonometer.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.axonometer.testing.TestStorage;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DatabaseClockIT {
  @TempDir private Path home;

  @ParameterizedTest
  @EnumSource(TestStorage.class)
  void tellsHowFarOurClockIsFromTheDatabases(TestStorage storage) {
    try (Database database = storage.own(home)) {
      var store = new RoundStore(database);
      Clock behind = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(-30));
      assertThat(store.databaseAhead(behind))
          .isBetween(Duration.ofSeconds(20), Duration.ofSeconds(40));
      Clock ahead = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(30));
      assertThat(store.databaseAhead(ahead))
          .isBetween(Duration.ofSeconds(-40), Duration.ofSeconds(-20));
    }
  }
}
