package org.axonometer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.axonometer.history.Database;
import org.axonometer.history.Fire;
import org.axonometer.history.Round;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.testing.Program;
import org.axonometer.testing.TestPostgres;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Two processes that serve the same jobs from one PostgreSQL database. */
class SeveralServersIT {
  private static final Duration EVERY = Duration.ofSeconds(2);

  @TempDir private Path folder;
  private final TestPostgres postgres = TestPostgres.create();

  private Program serve(String home) {
    Map<String, String> variables = new HashMap<>(postgres.variables());
    variables.put("JDK_JAVA_OPTIONS", "-Daxonometer.lease=6");
    return Program.start(folder, variables, "serve", "--home", folder.resolve(home).toString());
  }

  private static long rounds(Program serve) {
    return serve
        .stderr()
        .lines()
        .filter(line -> line.contains("round=") && line.contains(" asked="))
        .count();
  }

  private static void await(BooleanSupplier condition, Program... living) {
    long giveUp = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!condition.getAsBoolean()) {
      for (Program serve : living) {
        assertThat(serve.process().isAlive()).as(serve.stderr()).isTrue();
        assertThat(System.nanoTime()).as(serve.stderr()).isLessThan(giveUp);
      }
      LockSupport.parkNanos(50_000_000);
    }
  }

  @Test
  void eachScheduledTimeIsOnesAlsoWhenOneIsPausedAndOneIsKilled() throws Exception {
    try (var park = MockAxonPark.open(ParkSettings.of(4, Profile.HONEST))) {
      TestRounds rounds = TestRounds.in(folder, park);
      Path file = rounds.job("tick", "timeout: 2s", "partitions: 1");
      Files.writeString(file, Files.readString(file) + "schedule: {every: 2s}\n");
      try (Program first = serve("first");
          Program second = serve("second")) {
        await(() -> rounds(first) + rounds(second) >= 6, first, second);
        first.signal("STOP");
        long beside = rounds(second);
        await(() -> rounds(second) >= beside + 6, second);
        first.signal("CONT");
        long awake = rounds(first) + rounds(second);
        await(() -> rounds(first) + rounds(second) >= awake + 6, first, second);
        second.signal("KILL");
        second.process().waitFor();
        long alone = rounds(first);
        await(() -> rounds(first) >= alone + 6, first);
        first.signal("TERM");
        assertThat(first.await()).as(first.stderr()).isIn(0, 4);
        System.out.printf(
            "rounds: first %d, second %d%n%s", rounds(first), rounds(second), first.stderr());
        assertThat(first.stderr() + second.stderr()).doesNotContain(" ERROR ");
      }
      try (Database database = Database.connect(postgres.login())) {
        FireAccount account = FireAccount.of(database, "tick");
        System.out.println("two servers, one paused, one killed: " + account);
        assertThat(account.unaccounted(EVERY)).isZero();
        assertThat(account.rows(Fire.Reason.FAILED_TO_OPEN)).isZero();
        assertThat(account.roundsNamed())
            .hasSizeGreaterThanOrEqualTo(20)
            .containsExactlyInAnyOrderElementsOf(account.rounds().stream().map(Round::id).toList());
        long alarms =
            JdbcClient.create(database.dataSource())
                .sql("SELECT COUNT(*) FROM qrtz_triggers WHERE sched_name = 'axonometer'")
                .query(Long.class)
                .single();
        assertThat(alarms).as("only alarms of times ahead are left").isLessThan(10);
      }
    }
  }
}
