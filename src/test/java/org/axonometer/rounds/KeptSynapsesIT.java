package org.axonometer.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.Database;
import org.axonometer.history.KeptSynapses;
import org.axonometer.history.KeptSynapses.Kept;
import org.axonometer.jobs.JobFile;
import org.axonometer.mockaxons.Behaviour;
import org.axonometer.mockaxons.Behaviour.Manner;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.synapse.Synapse;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Python's {@code synapse_history}, out of the database. */
class KeptSynapsesIT {
  @TempDir private Path folder = Path.of("");

  @Test
  void readsEachAttemptAsTheBaseSynapsePythonWouldKeep() {
    HttpProperties.set();
    Database.bindToLoopback();
    List<Manner> manners = List.of(Manner.ANSWER, Manner.BLACKLIST, Manner.CLOSED);
    try (Database database = Database.own(folder.resolve("home"));
        RoundsApplication application = TestRounds.start(database, folder.resolve("exports"));
        MockAxonPark park =
            MockAxonPark.open(
                ParkSettings.of(manners.size(), Profile.HONEST),
                manners.stream().map(Behaviour::of).toList(),
                Clock.systemUTC())) {
      Path job = TestRounds.in(folder, park).job("kept", "timeout: 3s", "partitions: 1");
      long round =
          application.launcher().run(JobFile.read(job), job, 5, new RoundProgress()).round().id();

      List<Kept> kept = new KeptSynapses(database).ofRound(round, 10);

      assertThat(kept).hasSize(3);
      Synapse answered = of(kept, Outcome.OK);
      assertThat(answered.name()).isEqualTo("Synapse");
      assertThat(answered.isSuccess()).isTrue();
      assertThat(answered.dendrite().hotkey()).isEqualTo(park.validator().address().text());
      assertThat(answered.dendrite().signature()).startsWith("0x");
      assertThat(answered.dendrite().processTime()).isPositive();
      assertThat(answered.axon().statusMessage()).isEqualTo("Success");
      assertThat(answered.timeout()).isEqualTo(3.0);
      assertThat(answered.computedBodyHash()).hasSize(64);
      assertThat(of(kept, Outcome.REFUSED).isBlacklist()).isTrue();
      Synapse closed = of(kept, Outcome.UNREACHABLE);
      assertThat(closed.dendrite().statusCode()).isEqualTo(503);
      assertThat(closed.dendrite().processTime()).isNull();
      assertThat(new KeptSynapses(database).ofRound(round, 2)).hasSize(2);
    }
  }

  private static Synapse of(List<Kept> kept, Outcome outcome) {
    return kept.stream()
        .filter(one -> one.outcome() == outcome)
        .findFirst()
        .map(Kept::synapse)
        .orElseThrow();
  }
}
