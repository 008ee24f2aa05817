package org.axonometer.schedule;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.axonometer.history.Database;
import org.axonometer.history.Fire;
import org.axonometer.history.FireStore;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.Round;

/** What a home's fire ledger says of one job. */
record FireAccount(List<Fire> fires, List<Round> rounds) {

  static FireAccount of(Path home, String job) {
    try (Database database = Database.connect(home)) {
      return of(database, job);
    }
  }

  static FireAccount of(Database database, String job) {
    return new FireAccount(
        new FireStore(database).fires(job, Instant.EPOCH),
        new HistoryQueries(database)
            .rounds(100_000).stream().filter(round -> round.job().equals(job)).toList());
  }

  /** Times of the period between the first and the last fire that no row accounts for. */
  long unaccounted(Duration period) {
    if (fires.isEmpty()) {
      return 0;
    }
    long span =
        Duration.between(fires.getFirst().time(), fires.getLast().time()).dividedBy(period) + 1;
    return span - fires.stream().map(Fire::time).distinct().count();
  }

  long rows(Fire.Reason reason) {
    return fires.stream().filter(fire -> fire.reason().filter(reason::equals).isPresent()).count();
  }

  /** Rounds the ledger names, in the order of their times. */
  List<Long> roundsNamed() {
    return fires.stream().flatMap(fire -> fire.roundId().stream()).toList();
  }

  @Override
  public String toString() {
    var reasons = new TreeMap<String, Integer>();
    fires.forEach(
        fire -> reasons.merge(fire.reason().map(Enum::name).orElse("round"), 1, Integer::sum));
    return "%d fires %s".formatted(fires.size(), reasons);
  }
}
