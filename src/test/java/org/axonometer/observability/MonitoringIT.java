package org.axonometer.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.testing.Program;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.json.JsonMapper;

/** The real serve, watched through its monitor port. */
@Execution(ExecutionMode.CONCURRENT)
class MonitoringIT {
  @TempDir private Path folder;

  private Program serve(String... more) {
    return Program.start(
        folder,
        Stream.concat(
                Stream.of(
                    "serve", "--metrics-port", "0", "--home", folder.resolve("home").toString()),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private static void await(Program serve, BooleanSupplier condition) {
    long giveUp = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(serve.process().isAlive()).as(serve.stderr()).isTrue();
      assertThat(System.nanoTime()).as(serve.stderr()).isLessThan(giveUp);
      LockSupport.parkNanos(100_000_000);
    }
  }

  private static int port(Program serve) {
    await(serve, () -> Scrape.port(serve).isPresent());
    return Scrape.port(serve).orElseThrow();
  }

  private static void job(TestRounds rounds, String name, String schedule, String... ask)
      throws IOException {
    Path file = rounds.job(name, ask);
    Files.writeString(file, Files.readString(file) + "schedule: " + schedule + "\n");
  }

  @Test
  void tellsOfARoundInItsMiddleAndAfterItAndAfterARestart() throws Exception {
    try (var park =
        MockAxonPark.open(ParkSettings.of(24, Profile.HONEST).withDelay(Duration.ofMillis(900)))) {
      job(TestRounds.in(folder, park), "slow", "{every: 20s}", "timeout: 5s", "concurrency: 4");
      double success;
      try (Program serve = serve("--metrics-hotkeys")) {
        int port = port(serve);
        await(serve, () -> Scrape.of(port, "/metrics").sum("axonometer_in_flight") >= 1);
        Scrape middle = Scrape.of(port, "/metrics");
        assertThat(middle.sum("axonometer_in_flight", "job=\"slow\"")).isBetween(0.0, 4.0);
        assertThat(middle.names()).doesNotContain("axonometer_rounds_total");

        await(serve, () -> Scrape.of(port, "/metrics").sum("axonometer_rounds_total") >= 1);
        await(
            serve,
            () ->
                Scrape.of(port, "/metrics")
                    .names()
                    .contains("axonometer_job_last_success_timestamp_seconds"));
        Scrape after = Scrape.of(port, "/metrics");
        assertThat(after.sum("axonometer_rounds_total", "job=\"slow\"", "result=\"good\""))
            .isGreaterThanOrEqualTo(1);
        assertThat(after.sum("axonometer_targets_total", "outcome=\"OK\"", "blame=\"NONE\""))
            .isGreaterThanOrEqualTo(24);
        assertThat(after.sum("axonometer_request_seconds_count", "phase=\"total\""))
            .isGreaterThanOrEqualTo(24);
        assertThat(after.sum("axonometer_request_seconds_sum", "phase=\"total\""))
            .isGreaterThan(24 * 0.9);
        assertThat(after.sum("axonometer_round_duration_seconds_sum")).isGreaterThan(4);
        assertThat(after.sum("axonometer_job_last_success_age_seconds")).isBetween(0.0, 60.0);
        assertThat(after.sum("axonometer_hotkey_last_ok")).isEqualTo(24);
        assertThat(Scrape.of(port, "/health").status()).isEqualTo(200);
        success = after.sum("axonometer_job_last_success_timestamp_seconds");
        assertThat(success).isGreaterThan(1.7e9);
        serve.signal("KILL");
        serve.process().waitFor();
      }
      try (Program serve = serve()) {
        int port = port(serve);
        await(serve, () -> Scrape.of(port, "/metrics").names().contains("axonometer_job_healthy"));
        Scrape restarted = Scrape.of(port, "/metrics");
        assertThat(restarted.sum("axonometer_job_last_success_timestamp_seconds"))
            .isGreaterThanOrEqualTo(success);
        assertThat(restarted.names()).doesNotContain("axonometer_hotkey_last_ok");
      }
    }
  }

  @Test
  void answersNobodyButAGetForThisAddress() throws Exception {
    try (var park = MockAxonPark.open(ParkSettings.of(1, Profile.HONEST))) {
      job(TestRounds.in(folder, park), "rare", "{every: 300d}", "timeout: 2s");
      try (Program serve = serve()) {
        int port = port(serve);
        String here = "Host: 127.0.0.1:" + port;
        assertThat(Scrape.asking(port, "GET /health", here).status()).isEqualTo(200);
        assertThat(Scrape.asking(port, "GET /health", "Host: localhost:" + port).status())
            .isEqualTo(200);
        assertThat(Scrape.asking(port, "GET /health", "Host: evil.example").status())
            .isEqualTo(403);
        assertThat(Scrape.asking(port, "GET /health", "Host: evil.example:" + port).status())
            .isEqualTo(403);
        assertThat(Scrape.asking(port, "GET /health", here, "Host: evil.example").status())
            .isEqualTo(403);
        assertThat(Scrape.asking(port, "POST /health", here, "Content-Length: 0").status())
            .isEqualTo(405);
        assertThat(Scrape.asking(port, "GET /metrics/../health", here).status()).isEqualTo(404);
        assertThat(Scrape.asking(port, "GET /", here).status()).isEqualTo(404);

        Program second =
            Program.start(folder, "serve", "--metrics-port", "" + port, "--home", "h2");
        assertThat(second.await()).isEqualTo(1);
        assertThat(second.stderr()).contains("--metrics-port is " + port);
      }
    }
  }

  @Test
  void healthTurnsRedForALateRoundAndGreenWithTheNextOne() throws Exception {
    try (var park =
        MockAxonPark.open(ParkSettings.of(12, Profile.HONEST).withDelay(Duration.ofSeconds(2)))) {
      job(
          TestRounds.in(folder, park),
          "queued",
          "{every: 12s, overlap: queue, start-deadline: 1s}",
          "timeout: 5s",
          "concurrency: 1");
      try (Program serve = serve()) {
        int port = port(serve);
        await(serve, () -> Scrape.of(port, "/health").status() == 503);
        Scrape red = Scrape.of(port, "/health");
        assertThat(red.body()).contains("\"healthy\":false", "no_round", "START_DEADLINE");
        assertThat(Scrape.of(port, "/metrics").sum("axonometer_job_healthy")).isZero();
        await(serve, () -> Scrape.of(port, "/health").status() == 200);
      }
    }
  }

  @Test
  void healthTurnsRedWhenARoundSentNothing() throws Exception {
    try (var park = MockAxonPark.open(ParkSettings.of(3, Profile.HONEST))) {
      TestRounds rounds = TestRounds.in(folder, park);
      job(rounds, "deaf", "{every: 5s}", "timeout: 2s");
      Path file = folder.resolve("jobs/deaf.yaml");
      Files.writeString(
          file,
          Files.readString(file)
                  .replace("allow-addresses: [127.0.0.0/8]", "who: all")
                  .replace("score:\n", "score:\n  success-threshold: 0.5\n")
              + "on-failure: {command: [tee, ../told.json]}\n");
      try (Program serve = serve()) {
        int port = port(serve);
        await(serve, () -> Scrape.of(port, "/health").status() == 503);
        assertThat(Scrape.of(port, "/health").body())
            .contains("\"job\":\"deaf\"", "sent_nothing", "sent no query to its 3 targets");
        Path told = folder.resolve("told.json");
        await(serve, () -> Scrape.of(port, "/metrics").sum("axonometer_hook_calls_total") >= 1);
        assertThat(Files.readString(told))
            .contains("below_threshold", "\"threshold\":0.5", "\"BLOCKED_ADDRESS\":3");
      }
    }
  }

  /** One scenario that makes every metric show up. */
  @Test
  void whatDashboardRulesAndPageNameIsExposedAndEverythingExposedIsOnThePage() throws Exception {
    try (var park = MockAxonPark.open(ParkSettings.of(8, Profile.HONEST))) {
      TestRounds rounds = TestRounds.in(folder, park);
      job(rounds, "fine", "{every: 5s}", "timeout: 5s", "concurrency: 2");
      job(rounds, "lost", "{every: 5s}", "timeout: 5s");
      Path lost = folder.resolve("jobs/lost.yaml");
      Files.writeString(
          lost,
          Files.readString(lost).replace("snapshot.json", "no-such.json")
              + "on-failure: {command: [tee, ../told.json]}\n");
      try (Program serve =
          serve(
              "--metrics-hotkeys",
              "--log-format",
              "json",
              "--log-level",
              "debug",
              "--redact-addresses")) {
        int port = port(serve);
        await(
            serve,
            () ->
                Scrape.of(port, "/metrics")
                    .names()
                    .containsAll(
                        List.of(
                            "axonometer_hook_calls_total",
                            "axonometer_rounds_total",
                            "axonometer_hotkey_last_total_seconds",
                            "axonometer_job_position_correlation")));
        Scrape scrape = Scrape.of(port, "/metrics");

        assertThat(scrape.families())
            .isEqualTo(names(Files.readString(Path.of("docs/observability.md"))));
        for (String file : List.of("grafana.json", "alerts.yaml")) {
          assertThat(names(Files.readString(Path.of("docs/observability", file))))
              .as(file)
              .hasSizeGreaterThan(10)
              .isSubsetOf(scrape.names());
        }
        assertThat(Files.readString(folder.resolve("told.json"))).contains("FAILED_TO_OPEN");
        assertThat(serve.stderr().lines().filter(line -> line.startsWith("{")))
            .isNotEmpty()
            .allSatisfy(line -> assertThat(new JsonMapper().readTree(line).has("message")).isTrue())
            .anyMatch(line -> line.contains("\"INFO\"") && line.contains(" ok=8 "))
            .anyMatch(line -> line.contains("\"DEBUG\"") && line.contains(" axon=[address]:"))
            .noneMatch(line -> line.contains("axon=127."));
      }
    }
  }

  private static Set<String> names(String text) {
    return Pattern.compile("\\b(?:axonometer|jvm|process)_[a-z_]+\\b")
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toSet());
  }
}
