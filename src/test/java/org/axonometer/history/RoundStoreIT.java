package org.axonometer.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.axonometer.testing.StoredRounds;
import org.axonometer.testing.TestStorage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class RoundStoreIT {
  private static final Instant NOW = Instant.parse("2027-01-01T00:10:00Z");

  @Parameter private TestStorage storage = TestStorage.H2;
  @TempDir private Path home;
  private Database database;
  private RoundStore store;

  @BeforeEach
  void open() {
    database = storage.own(home);
    store = new RoundStore(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private long claimed(long round, Instant when) {
    long fence = store.take(round, NOW.plusSeconds(600), when);
    List<Claim> claims =
        store.remaining(round, 0, Set.of()).stream()
            .map(target -> new Claim(target, 1, UUID.randomUUID().toString(), 7))
            .toList();
    store.claim(round, fence, claims, when);
    return fence;
  }

  private List<Instant> times(String column) {
    return database
        .jdbc()
        .sql("SELECT " + column + " FROM synapse_history")
        .query((row, n) -> row.getObject(1, OffsetDateTime.class).toInstant())
        .list();
  }

  @Test
  void whatIsStoredCarriesTheRoundsClockAndNotTheProcesses() {
    long round = new StoredRounds(database).open("probe", 1, NOW);
    claimed(round, NOW);
    Instant later = NOW.plus(Duration.ofMinutes(1));
    store.take(round, NOW.plusSeconds(600), later);
    assertThat(times("claimed_at")).containsExactly(NOW);
    assertThat(times("ended_at")).containsExactly(later);
  }
}
