package org.axonometer.cli;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.axonometer.history.BrokenInvariant;
import org.axonometer.history.Database;
import org.axonometer.history.DatabaseHealth;
import org.axonometer.history.FailureText;
import org.axonometer.history.HistoryException;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.OpenRound;
import org.axonometer.scoring.SealVerification;
import org.axonometer.scoring.SealVerification.Finding;
import org.axonometer.scoring.SealVerification.Verdict;

/** Looks at the database: itself, what must hold of its sealed rounds, and what was left open. */
record HistoryCheckup(Checkup checkup, HistoryFlags home) {
  private static final Duration CLOCKS_AGREE = Duration.ofSeconds(2);
  private static final int MOST_NAMED = 10;

  /** Looks at every job's rounds, or at those of one. */
  void look(List<String> chosen) {
    if (!home.hasHistory()) {
      checkup.warn(
          "database", "there is none below " + home.path().toAbsolutePath().normalize() + " yet");
      return;
    }
    try (Database database = home.connect()) {
      var health = new DatabaseHealth(database);
      var queries = new HistoryQueries(database);
      lookAtDatabase(health);
      lookAtClock(health);
      List<BrokenInvariant> broken = queries.brokenInvariants();
      lookAtStrayRows(broken, queries);
      for (String job : chosen.isEmpty() ? queries.jobs() : chosen) {
        lookAtInvariants(job, of(job, broken, queries), health.wholeRounds(job).size());
        lookAtSeals(job, new SealVerification(queries).job(job));
      }
      lookAtOpenRounds(health.openRounds(), chosen);
    } catch (HistoryException e) {
      checkup.fault("database", FailureText.firstLine(e));
    }
  }

  private void lookAtDatabase(DatabaseHealth health) {
    health.requireSettings();
    DatabaseHealth.Schema schema = health.schema();
    if (schema.pending() > 0) {
      checkup.fault(
          "database",
          "schema version %s lacks %d migrations of this program; end the process that owns it"
              .formatted(schema.version(), schema.pending()));
    } else {
      checkup.ok("database", "opens, settings are safe, schema version " + schema.version());
    }
  }

  private void lookAtClock(DatabaseHealth health) {
    Instant now = Instant.now();
    Duration apart = health.clocksApart(Clock.systemUTC());
    boolean ahead =
        health.newestTime().filter(newest -> newest.isAfter(now.plus(CLOCKS_AGREE))).isPresent();
    if (apart.compareTo(CLOCKS_AGREE) > 0) {
      checkup.warn("database clock", "it is %s away from ours".formatted(DurationFlag.show(apart)));
    } else if (ahead) {
      checkup.warn(
          "database clock",
          "the newest stored time, %s, is ahead of ours: the clock was set back"
              .formatted(health.newestTime().orElse(now)));
    } else {
      checkup.ok("database clock", "agrees with ours, and no stored time is ahead of it");
    }
  }

  private static List<String> of(String job, List<BrokenInvariant> broken, HistoryQueries queries) {
    return broken.stream()
        .filter(one -> queries.round(one.roundId()).filter(r -> r.job().equals(job)).isPresent())
        .map(one -> "round %d: %s".formatted(one.roundId(), one))
        .toList();
  }

  private void lookAtStrayRows(List<BrokenInvariant> broken, HistoryQueries queries) {
    fault(
        "invariants",
        broken.stream()
            .filter(one -> queries.round(one.roundId()).isEmpty())
            .map(one -> "round %d is not there: %s".formatted(one.roundId(), one))
            .toList());
  }

  private void lookAtInvariants(String job, List<String> broken, int rounds) {
    fault("invariants of " + job, broken);
    if (broken.isEmpty()) {
      checkup.ok("invariants of " + job, "hold in %d sealed rounds".formatted(rounds));
    }
  }

  private void fault(String name, List<String> lines) {
    lines.stream().limit(MOST_NAMED).forEach(line -> checkup.fault(name, line));
    if (lines.size() > MOST_NAMED) {
      checkup.fault(name, "and %d more".formatted(lines.size() - MOST_NAMED));
    }
  }

  private void lookAtSeals(String job, List<Finding> seals) {
    List<Finding> broken = of(seals, Verdict.BROKEN);
    fault(
        "seals of " + job,
        broken.stream()
            .map(seal -> "round %d: %s".formatted(seal.roundId(), seal.detail()))
            .toList());
    if (broken.isEmpty()) {
      checkup.ok(
          "seals of " + job,
          "%d recomputed, the chain holds, %d pruned"
              .formatted(of(seals, Verdict.HOLDS).size(), of(seals, Verdict.PRUNED).size()));
    }
  }

  private static List<Finding> of(List<Finding> seals, Verdict verdict) {
    return seals.stream().filter(seal -> seal.verdict() == verdict).toList();
  }

  private void lookAtOpenRounds(List<OpenRound> open, List<String> chosen) {
    List<OpenRound> wanted =
        open.stream().filter(round -> chosen.isEmpty() || chosen.contains(round.job())).toList();
    for (OpenRound round : wanted) {
      if (round.running()) {
        checkup.ok("open rounds", "round %d of %s is running".formatted(round.id(), round.job()));
      } else {
        checkup.warn(
            "open rounds",
            "round %d of %s is left over since %s; finish it with: axonometer rerun %d"
                .formatted(round.id(), round.job(), round.openedAt(), round.id()));
      }
    }
    if (wanted.isEmpty()) {
      checkup.ok("open rounds", "none is left over");
    }
  }
}
