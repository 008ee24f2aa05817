package org.axonometer.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.RoundDetails;
import org.axonometer.history.StoredSeal;
import org.axonometer.jobs.JobFile;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.rounds.RoundReport;
import org.axonometer.subnet.ForeignText;
import org.axonometer.targets.Selection;

/** A finished or interrupted round as a table for a person. */
record RoundSummary(PrintWriter out) {

  void print(
      RoundReport report, Optional<RoundDetails.Latencies> latencies, Optional<StoredSeal> seal) {
    out.printf(
        Locale.ROOT,
        "round %d of %s: %s after %s; %s %d at block %d, %d targets, seed %d%n",
        report.round().id(),
        report.round().job(),
        report.sealed() ? "sealed" : "interrupted, still open",
        seconds(report.took()),
        report.round().network(),
        report.round().netuid().value(),
        report.round().block(),
        report.round().selected(),
        report.round().seed());
    out.printf(
        "snapshot: %s old when the round opened%n%s%n",
        MetagraphSnapshot.ageText(report.snapshotAge().age()),
        report
            .snapshotAge()
            .notes()
            .map(notes -> "note: " + ForeignText.escape(notes) + "\n")
            .orElse(""));
    LabBanner.of(selection(report)).ifPresent(line -> out.printf("%s%n%n", line));
    out.printf("%-16s %8s  %s%n", "outcome", "targets", "blame");
    for (HistoryQueries.OutcomeCount count : report.counts()) {
      if (count.outcome().isPresent()) {
        out.printf("%-16s %8d  %s%n", count.outcome().get(), count.targets(), count.blame());
      }
    }
    if (report.left() > 0) {
      out.printf("%-16s %8d%n", "(not ended)", report.left());
    }
    out.println();
    if (report.sealed()) {
      printSealed(report, latencies);
      seal.ifPresent(made -> out.printf("seal:           %s%n", made.sha256()));
    } else {
      out.printf("finish it with: axonometer rerun %d%n", report.round().id());
    }
  }

  private void printSealed(RoundReport report, Optional<RoundDetails.Latencies> latencies) {
    if (report.counted() == 0) {
      out.print("nobody counts: every target ended by a fault of ours, or there was none");
    } else {
      out.printf(
          Locale.ROOT,
          "answered: %.1f %% of the %d targets that count",
          100 * report.successRate(),
          report.counted());
    }
    latencies.ifPresent(
        ok ->
            out.printf(
                Locale.ROOT,
                "; time of the OK ones: p50 %.1f ms, p95 %.1f ms",
                millis(ok.p50Nanos()),
                millis(ok.p95Nanos())));
    out.println();
    out.printf(
        "scoring inputs: %s%n                %s%n", report.files().jsonl(), report.files().csv());
  }

  private static Selection selection(RoundReport report) {
    return JobFile.parse(report.round().jobSource(), report.round().jobFile()).selection();
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }

  private static double millis(long nanos) {
    return nanos / 1e6;
  }
}
