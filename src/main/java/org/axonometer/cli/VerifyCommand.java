package org.axonometer.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.Round;
import org.axonometer.scoring.SealVerification;
import org.axonometer.scoring.SealVerification.Finding;
import org.axonometer.scoring.SealVerification.Verdict;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Whether sealed rounds are still what was sealed. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Recomputes the hash of a sealed round's scoring inputs and its job's chain of seals up to it; with --all, of"
          + " every round. A round deleted by retention says PRUNED: its seal still links the chain.",
      "Exits 5 when something is not as it was sealed."
    })
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private HistoryFlags home = new HistoryFlags();
  @Mixin private JsonFlag json = new JsonFlag();

  @Parameters(arity = "0..1", paramLabel = "<round>", description = "The round's number, or last.")
  private @Nullable String number;

  @Option(names = "--all", description = "Verify every round of every job.")
  private boolean all;

  @Override
  public Integer call() {
    if (all == (number != null)) {
      throw new CommandException("verify: give a round's number, or --all");
    }
    try (Database database = Stored.database(home)) {
      var queries = new HistoryQueries(database);
      List<Finding> findings = number == null ? all(queries) : one(queries, number);
      print(spec.commandLine().getOut(), findings);
      return count(findings, Verdict.BROKEN) == 0 ? ExitCode.GOOD : ExitCode.FAULT;
    }
  }

  private static List<Finding> all(HistoryQueries queries) {
    var verification = new SealVerification(queries);
    List<Finding> findings = new ArrayList<>();
    queries.jobs().forEach(job -> findings.addAll(verification.job(job)));
    return findings;
  }

  private static List<Finding> one(HistoryQueries queries, String number) {
    long roundId = number(queries, number);
    return new SealVerification(queries)
        .round(roundId)
        .map(List::of)
        .orElseGet(() -> List.of(withoutSeal(queries, roundId)));
  }

  /** A pruned round has a seal and no row, so the number alone counts. */
  private static long number(HistoryQueries queries, String number) {
    try {
      return number.equals("last") ? Stored.round(queries, number).id() : Long.parseLong(number);
    } catch (NumberFormatException e) {
      throw new CommandException("\"" + number + "\" is not a round; give its number, or last", e);
    }
  }

  private static Finding withoutSeal(HistoryQueries queries, long roundId) {
    Round round = Stored.round(queries, Long.toString(roundId));
    if (round.state() == Round.State.OPEN) {
      throw new CommandException(
          "round %d is open; it has no seal yet, finish it with: axonometer rerun %d"
              .formatted(roundId, roundId));
    }
    return new Finding(
        roundId, round.job(), Verdict.BROKEN, "the round is sealed, its seal is gone");
  }

  private void print(PrintWriter out, List<Finding> findings) {
    if (json.chosen()) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      for (Verdict verdict : Verdict.values()) {
        map.put(verdict.name().toLowerCase(java.util.Locale.ROOT), count(findings, verdict));
      }
      map.put("rounds", findings.stream().map(VerifyCommand::asMap).toList());
      JsonFlag.print(out, map);
    } else {
      for (Finding finding : findings) {
        out.printf(
            "%8d  %-24s %-6s  %s%n",
            finding.roundId(), finding.job(), finding.verdict(), finding.detail());
      }
      out.printf(
          "%d hold, %d pruned, %d broken%n",
          count(findings, Verdict.HOLDS),
          count(findings, Verdict.PRUNED),
          count(findings, Verdict.BROKEN));
    }
    out.flush();
  }

  private static Map<String, Object> asMap(Finding finding) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("round", finding.roundId());
    map.put("job", finding.job());
    map.put("verdict", finding.verdict().name());
    map.put("detail", finding.detail());
    return map;
  }

  private static long count(List<Finding> findings, Verdict verdict) {
    return findings.stream().filter(finding -> finding.verdict() == verdict).count();
  }
}
