package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.LargeHistory;
import org.axonometer.history.ReadOnlySql;
import org.axonometer.metagraph.KeptSnapshots;
import org.axonometer.testing.BreaksInvariants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Every view and every ready question on a long history, what {@code status} and {@code rounds}
 * ask, and what {@code doctor} asks of a round. The number of scoring inputs is small unless {@code
 * -Daxonometer.rows=1000000} asks for more; the limit is the same. Processor time of the thread
 * that asks, in which the database works, counts always; time on the clock with a million rows,
 * when nobody else is expected on the machine. {@code -Daxonometer.home} names a folder in which
 * the history is kept.
 */
@Isolated("measures")
class LargeHistoryIT {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final Duration LONGEST = Duration.ofSeconds(2);
  private static final int LARGE = 1_000_000;
  private static final ReadOnlySql.Limits LIMITS =
      new ReadOnlySql.Limits(10_000, Duration.ofMinutes(5));

  /** Views over everything that is kept, which are asked for one round or one hotkey. */
  private static final Map<String, List<String>> ASKED_BY_KEY =
      Map.of(
          "v_scoring_inputs", List.of("round_id", "hotkey"),
          "v_attempts", List.of("round_id", "hotkey"));

  @TempDir private Path folder;

  /** Something to ask, which says how many rows it got. */
  private interface Question {
    int ask();
  }

  @Test
  @BreaksInvariants("its seals are made up")
  void everyQuestionIsAnsweredWithinTwoSeconds() throws SQLException, IOException {
    Database.bindToLoopback();
    int rows = Integer.getInteger("axonometer.rows", 20_480);
    int rounds = Math.ceilDiv(rows, LargeHistory.TARGETS);
    Path home = Path.of(System.getProperty("axonometer.home", folder.toString()));
    boolean fresh = !Database.exists(home);
    try (Database database = Database.own(home)) {
      long began = System.nanoTime();
      if (fresh) {
        LargeHistory.fill(database, rounds);
      }
      System.out.printf(
          "%d rounds, %d scoring inputs, filled in %.0f s%n",
          rounds, rounds * LargeHistory.TARGETS, (System.nanoTime() - began) / 1e9);
      Map<String, Duration> tooLong = new LinkedHashMap<>();
      questions(database, rounds)
          .forEach(
              (name, question) ->
                  best(name, question)
                      .longer(rows >= LARGE)
                      .ifPresent(took -> tooLong.put(name, took)));
      assertThat(tooLong).isEmpty();

      var queries = new HistoryQueries(database);
      Took whole = once(() -> queries.brokenInvariants().size());
      System.out.printf("%s  every invariant of the whole history%n", whole);
      assertThat(whole.rows()).as("broken invariants").isZero();
    }
  }

  /** What a question took; processor time and time on the clock. */
  private record Took(Duration processor, Duration clock, int rows) {

    /** The one that is above the limit. */
    Optional<Duration> longer(boolean clockCounts) {
      Duration counts = clockCounts && clock.compareTo(processor) > 0 ? clock : processor;
      return Optional.of(counts).filter(took -> took.compareTo(LONGEST) > 0);
    }

    @Override
    public String toString() {
      return "%6d ms (%6d ms on the clock) %6d rows"
          .formatted(processor.toMillis(), clock.toMillis(), rows);
    }
  }

  private static Took once(Question question) {
    long start = System.nanoTime();
    long startCpu = THREADS.getCurrentThreadCpuTime();
    int rows = question.ask();
    return new Took(
        Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - startCpu),
        Duration.ofNanos(System.nanoTime() - start),
        rows);
  }

  private static Took best(String name, Question question) {
    Took first = once(question);
    Took second = once(question);
    var best =
        new Took(
            Collections.min(List.of(first.processor, second.processor)),
            Collections.min(List.of(first.clock, second.clock)),
            second.rows);
    System.out.printf("%s  %s%n", best, name);
    return best;
  }

  private static Map<String, Question> questions(Database database, int rounds) throws IOException {
    var sql = new ReadOnlySql(database);
    Map<String, Question> questions = new LinkedHashMap<>();
    List<String> views =
        sql
            .ask(
                "SELECT LOWER(table_name) FROM information_schema.views WHERE table_schema = 'PUBLIC' ORDER BY 1",
                Map.of(),
                LIMITS)
            .rows()
            .stream()
            .map(row -> String.valueOf(row.getFirst()))
            .toList();
    assertThat(views).hasSizeGreaterThan(10).containsAll(ASKED_BY_KEY.keySet());
    Map<String, String> keys =
        Map.of("round_id", Integer.toString(rounds), "hotkey", LargeHistory.SOMEBODY.get("hotkey"));
    for (String view : views) {
      if (ASKED_BY_KEY.containsKey(view)) {
        for (String key : ASKED_BY_KEY.get(view)) {
          questions.put(
              view + " by " + key,
              asking(
                  sql,
                  SqlText.parse(
                      "SELECT * FROM %s WHERE %s = '%s'".formatted(view, key, keys.get(key)))));
        }
      } else {
        questions.put(view, asking(sql, SqlText.parse("SELECT * FROM " + view)));
      }
    }
    try (Stream<Path> files = Files.list(Path.of("db", "queries"))) {
      for (Path file : files.sorted().toList()) {
        questions.put(file.toString(), asking(sql, SqlText.of(file.toString())));
      }
    }
    var queries = new HistoryQueries(database);
    questions.put(
        "status",
        () -> {
          JobStatus.of("probe", null, new KeptSnapshots(Path.of("none")), Instant.now())
              .with(queries, true, false);
          return queries.jobs().size();
        });
    questions.put(
        "rounds -n 10000", () -> queries.rounds(10_000).size() + queries.okFrom(0).size());
    questions.put("doctor, one round", () -> queries.brokenInvariants(rounds).size());
    return questions;
  }

  private static Question asking(ReadOnlySql sql, SqlText text) {
    Map<String, String> given = new LinkedHashMap<>(LargeHistory.SOMEBODY);
    given.keySet().retainAll(text.defaults().keySet());
    return () -> sql.ask(text.sql(), text.values(given), LIMITS).rows().size();
  }
}
