package org.axonometer.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.RoundDetails;
import org.axonometer.history.StoredSeal;
import org.axonometer.jobs.JobFile;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.rounds.RoundLauncher;
import org.axonometer.rounds.RoundProgress;
import org.axonometer.rounds.RoundReport;
import org.axonometer.rounds.RoundsApplication;
import org.axonometer.wallet.Keyring;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * Runs a round in this process, on a database of its own or through the process that owns it: shows
 * progress, stops cleanly on Ctrl-C, prints the summary.
 */
final class RoundRunner {
  private final HistoryFlags home;
  private final JsonFlag json;
  private final CommandLine command;
  private final Keyring keyring;

  RoundRunner(HistoryFlags home, JsonFlag json, CommandLine command, Keyring keyring) {
    this.home = home;
    this.json = json;
    this.command = command;
    this.keyring = keyring;
  }

  /** What to run on the launcher. */
  interface Work {
    RoundReport on(RoundLauncher launcher, RoundProgress progress);
  }

  int run(Work work) {
    return run(history -> {}, work);
  }

  /**
   * @param before what is to be done with the history open and nothing begun, such as asking for a
   *     password
   */
  int run(Consumer<HistoryQueries> before, Work work) {
    try (Database database = home.join();
        RoundsApplication application =
            RoundsApplication.start(
                database, home.exports(), RoundsApplication.MOST_IN_FLIGHT, keyring)) {
      before.accept(new HistoryQueries(database));
      RoundLauncher launcher = application.launcher();
      Interruption.handledBy(
          () -> {
            command
                .getErr()
                .println("stopping: asking nobody more, waiting for the answers under way");
            command.getErr().flush();
            launcher.stop();
          });
      var progress = new RoundProgress();
      RoundReport report;
      try (var shown = new ProgressDisplay(progress, command.getErr())) {
        shown.start();
        report = work.on(launcher, progress);
      }
      print(report, new HistoryQueries(database), new RoundDetails(database));
      return exitCode(report);
    }
  }

  private static int exitCode(RoundReport report) {
    if (!report.sealed()) {
      return ExitCode.INTERRUPTED;
    }
    return report.good() ? ExitCode.GOOD : ExitCode.BELOW_THRESHOLD;
  }

  private void print(RoundReport report, HistoryQueries queries, RoundDetails details) {
    if (json.chosen()) {
      JsonFlag.print(command.getOut(), asMap(report, sealOf(report, queries)));
    } else {
      new RoundSummary(command.getOut())
          .print(report, details.latencies(report.round().id()), sealOf(report, queries));
    }
    command.getOut().flush();
  }

  private static Optional<StoredSeal> sealOf(RoundReport report, HistoryQueries queries) {
    return report.sealed() ? queries.seal(report.round().id()) : Optional.empty();
  }

  private static Map<String, @Nullable Object> asMap(
      RoundReport report, Optional<StoredSeal> seal) {
    Map<String, Integer> outcomes = new LinkedHashMap<>();
    for (Outcome outcome : Outcome.values()) {
      if (report.outcomes().containsKey(outcome)) {
        outcomes.put(outcome.name(), report.outcomes().get(outcome));
      }
    }
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("round", report.round().id());
    map.put("job", report.round().job());
    map.put("state", report.round().state().name());
    map.put("snapshot_age_seconds", report.snapshotAge().age().toSeconds());
    map.put(
        "snapshot_age_blocks", report.snapshotAge().age().dividedBy(MetagraphSnapshot.BLOCK_TIME));
    map.put("snapshot_notes", report.snapshotAge().notes().orElse(null));
    map.put("targets", report.round().selected());
    map.put(
        "allow_addresses",
        JobFile.parse(report.round().jobSource(), report.round().jobFile())
            .selection()
            .guard()
            .allowed()
            .stream()
            .map(Object::toString)
            .toList());
    map.put("outcomes", outcomes);
    map.put("left", report.left());
    map.put("seal_sha256", seal.map(StoredSeal::sha256).orElse(null));
    map.put("success_rate", report.successRate());
    map.put("took_seconds", report.took().toMillis() / 1000.0);
    map.put("jsonl", report.sealed() ? report.files().jsonl().toString() : null);
    map.put("csv", report.sealed() ? report.files().csv().toString() : null);
    return map;
  }
}
