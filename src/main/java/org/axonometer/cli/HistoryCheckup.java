package org.axonometer.cli;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.axonometer.history.BrokenInvariant;
import org.axonometer.history.Database;
import org.axonometer.history.DatabaseHealth;
import org.axonometer.history.FailureText;
import org.axonometer.history.HistoryException;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.Round;
import org.axonometer.history.RoundStore;
import org.axonometer.scoring.SealVerification;
import org.axonometer.scoring.SealVerification.Finding;
import org.axonometer.scoring.SealVerification.Verdict;

/** Looks at the database: itself, what must hold of its sealed rounds, and what was left open. */
record HistoryCheckup(Checkup checkup, HistoryFlags home) {
  private static final int MOST_NAMED = 10;

  /** The jobs that ever ran; empty when the history does not tell, which {@link #look} says. */
  Optional<Set<String>> everRun() {
    if (!home.hasHistory()) {
      return Optional.of(Set.of());
    }
    try (Database database = home.connect()) {
      return Optional.of(Set.copyOf(new HistoryQueries(database).jobs()));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  /** Looks at every job's rounds, or at those of one. What fails is a finding, the rest goes on. */
  void look(List<String> chosen) {
    if (!home.hasHistory()) {
      checkup.warn(
          "database", "there is none below " + home.path().toAbsolutePath().normalize() + " yet");
      return;
    }
    each(
        "database",
        () -> {
          try (Database database = home.connect()) {
            look(chosen, database);
          }
        });
  }

  private void look(List<String> chosen, Database database) {
    var health = new DatabaseHealth(database);
    var queries = new HistoryQueries(database);
    each("database", () -> lookAtDatabase(health));
    each("database clock", () -> lookAtClock(database, health));
    each(
        "invariants",
        () -> {
          List<BrokenInvariant> broken = queries.brokenInvariants();
          lookAtStrayRows(broken, queries);
          for (String job : chosen.isEmpty() ? queries.jobs() : chosen) {
            lookAtInvariants(job, of(job, broken, queries), health.wholeRounds(job).size());
          }
        });
    each(
        "seals",
        () -> {
          for (String job : chosen.isEmpty() ? queries.jobs() : chosen) {
            lookAtSeals(job, new SealVerification(queries).job(job));
          }
        });
    each("open rounds", () -> lookAtOpenRounds(queries, chosen));
  }

  private void each(String name, Runnable look) {
    try {
      look.run();
    } catch (RuntimeException e) {
      checkup.fault(name, FailureText.firstLine(HistoryException.inOurWords(e)));
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

  private void lookAtClock(Database database, DatabaseHealth health) {
    Instant now = Instant.now();
    Duration apart = new RoundStore(database).databaseAhead(Clock.systemUTC()).abs();
    boolean ahead =
        health
            .newestTime()
            .filter(newest -> newest.isAfter(now.plus(Checkup.CLOCKS_AGREE)))
            .isPresent();
    if (apart.compareTo(Checkup.CLOCKS_AGREE) > 0) {
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

  private void lookAtOpenRounds(HistoryQueries queries, List<String> chosen) {
    List<Round> wanted =
        queries.openRounds().stream()
            .filter(round -> chosen.isEmpty() || chosen.contains(round.job()))
            .toList();
    for (Round round : wanted) {
      if (queries.ownerOf(round.id()).isPresent()) {
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
