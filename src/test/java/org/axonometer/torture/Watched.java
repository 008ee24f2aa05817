package org.axonometer.torture;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.Round;
import org.axonometer.testing.Program;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One ground under watch: what its programs end with is judged, and its history is checked. */
final class Watched {
  /** What a program may say at its end whatever was done to it: never a fault of its own. */
  private static final Set<String> NEVER = Set.of("internal fault", "breaks invariant", "\tat ");

  /** What it says on a machine that is too busy for it to begin; nobody was asked then. */
  private static final String TOO_BUSY = "this machine cannot even ask itself";

  private final Ground ground;
  private final Tally tally;
  private final Checker checker = new Checker();

  Watched(Ground ground, Tally tally) {
    this.ground = ground;
    this.tally = tally;
  }

  /** Waits for the program's end and notes what it printed; its exit code. */
  int ended(Program program, Set<Integer> allowed) {
    int code;
    try {
      code = program.await();
    } catch (IllegalStateException hangs) {
      tally.violated(hangs.getMessage());
      return -1;
    }
    String said = program.stderr();
    tally.add("ended with " + code);
    if (wasTooBusy(program)) {
      tally.add("ended because the machine was too busy");
    } else if (!allowed.contains(code)) {
      tally.violated("ended with %d, not %s: %s".formatted(code, allowed, last(said)));
    }
    NEVER.stream()
        .filter(said::contains)
        .findFirst()
        .ifPresent(what -> tally.violated("said \"%s\": %s".formatted(what, last(said))));
    if (said.contains("is no longer ours")) {
      tally.add("refused by the fence");
    }
    String out = program.stdout();
    if (code != 137 && out.startsWith("{")) {
      JsonNode report = JsonMapper.shared().readTree(out);
      if (report.path("state").stringValue("").equals("SEALED")) {
        checker.printed(
            report.path("round").longValue(), report.path("seal_sha256").stringValue(""));
        tally.add("receipts");
      }
    }
    return code;
  }

  /** Whether it ended for no fault that was put into it; then there may be another. */
  static boolean wasTooBusy(Program program) {
    return program.stderr().contains(TOO_BUSY);
  }

  private static String last(String said) {
    List<String> lines = said.lines().filter(line -> !line.startsWith("NOTE: ")).toList();
    return String.join(" / ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
  }

  /** Checks everything; the open round, if there is one. Nobody may be writing. */
  Optional<Long> check() {
    if (!ground.exists()) {
      return Optional.empty();
    }
    try (Database database = ground.look()) {
      tally.add("checks");
      checker.all(database, ground.received()).forEach(tally::violated);
      return new HistoryQueries(database).openRounds().stream().map(Round::id).findFirst();
    }
  }

  /** Queries that an axon has and whose rows are open intents: what a kill in mid-query leaves. */
  int queriesUnderWay() {
    if (!ground.exists()) {
      return 0;
    }
    try (Database database = ground.look()) {
      Set<String> open =
          Set.copyOf(
              JdbcClient.create(database.dataSource())
                  .sql("SELECT nonce FROM synapse_history WHERE state = 'INTENT'")
                  .query((row, n) -> row.getString("nonce"))
                  .list());
      return (int) ground.received().stream().filter(query -> open.contains(query.nonce())).count();
    }
  }

  /** Notes what the history holds in the end. */
  void sum() {
    try (Database database = ground.look()) {
      JdbcClient jdbc = JdbcClient.create(database.dataSource());
      tally.add("rounds sealed", count(jdbc, "round WHERE state = 'SEALED'"));
      tally.add("rounds open at the end", count(jdbc, "round WHERE state = 'OPEN'"));
      for (String state : List.of("INTENT", "DONE", "UNKNOWN", "RELEASED")) {
        tally.add(
            "attempts " + state, count(jdbc, "synapse_history WHERE state = '" + state + "'"));
      }
      tally.add("queries received", ground.received().size());
    }
  }

  private static int count(JdbcClient jdbc, String rows) {
    return jdbc.sql("SELECT COUNT(*) FROM " + rows).query(Integer.class).single();
  }
}
