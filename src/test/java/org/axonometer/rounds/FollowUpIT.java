package org.axonometer.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.AskableTarget;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.RoundKind;
import org.axonometer.history.ScoringInput;
import org.axonometer.jobs.JobFile;
import org.axonometer.mockaxons.Behaviour;
import org.axonometer.mockaxons.Behaviour.Manner;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.mockaxons.ReceivedQuery;
import org.axonometer.subnet.Uid;
import org.axonometer.testing.TestRounds;
import org.axonometer.testing.TestStorage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Rounds that ask targets of a sealed one again. */
@ParameterizedClass
@EnumSource
class FollowUpIT {
  @Parameter private TestStorage storage = TestStorage.H2;

  @TempDir private Path folder;
  private Database database;
  private RoundsApplication application;

  @BeforeEach
  void open() {
    HttpProperties.set();
    database = storage.own(folder.resolve("home"));
    application = TestRounds.start(database, folder.resolve("exports"));
  }

  @AfterEach
  void close() {
    application.close();
    database.close();
  }

  @Test
  void asksTheFailedTargetsOfASealedRoundAgainAndLeavesThatRoundAlone() {
    List<Manner> manners =
        List.of(
            Manner.ANSWER,
            Manner.HANG_UP,
            Manner.ANSWER,
            Manner.BLACKLIST,
            Manner.FAULT,
            Manner.ANSWER,
            Manner.CLOSED);
    try (var park =
        MockAxonPark.open(
            ParkSettings.of(manners.size(), Profile.HONEST),
            manners.stream().map(Behaviour::of).toList(),
            Clock.systemUTC())) {
      Path job = TestRounds.in(folder, park).job("failing", "timeout: 3s", "partitions: 2");
      RoundLauncher launcher = application.launcher();
      var first = launcher.run(JobFile.read(job), job, 5, new RoundProgress());
      var queries = new HistoryQueries(database);
      List<ScoringInput> inputsOfFirst = queries.scoringInputs(1);

      RoundReport second = launcher.rerun(1, Again.parse("failed"), 9, false, new RoundProgress());

      assertThat(second.sealed()).isTrue();
      assertThat(second.round().kind()).isEqualTo(RoundKind.FOLLOW_UP);
      assertThat(second.round().seed()).isEqualTo(9);
      assertThat(second.round().jobSource()).isEqualTo(first.round().jobSource());
      assertThat(second.round().block()).isEqualTo(first.round().block());
      assertThat(queries.follows(2)).contains(1L);
      assertThat(queries.follows(1)).isEmpty();
      assertThat(queries.followUps(1)).containsExactly(2L);
      assertThat(queries.scoringInputs(2))
          .extracting(ScoringInput::uid)
          .containsExactly(new Uid(2), new Uid(4), new Uid(5), new Uid(7));
      assertThat(queries.scoringInputs(2))
          .extracting(ScoringInput::position)
          .containsExactlyInAnyOrder(1, 2, 3, 4);
      assertThat(endpoints(queries.askable(1))).containsAll(endpoints(queries.askable(2)));
      assertThat(queries.scoringInputs(1)).isEqualTo(inputsOfFirst);
      assertThat(queries.seal(2).orElseThrow().previousSha256())
          .isEqualTo(queries.seal(1).orElseThrow().sha256());
      assertThat(
              park.receivedQueries().stream()
                  .map(ReceivedQuery::uid)
                  .filter(uid -> uid.equals(new Uid(1))))
          .hasSize(1);

      RoundReport third =
          launcher.rerun(1, Again.parse("unreachable, REFUSED"), 9, false, new RoundProgress());
      assertThat(third.outcomes())
          .containsEntry(Outcome.UNREACHABLE, 1)
          .containsEntry(Outcome.REFUSED, 1);
      assertThat(queries.followUps(1)).containsExactly(2L, 3L);

      refused("--only failed", () -> launcher.rerun(1, OptionalLong.empty(), new RoundProgress()));
      refused(
          "nobody to ask again",
          () -> launcher.rerun(1, Again.parse("unknown,unsent"), 1, false, new RoundProgress()));
      refused(
          "no round 77",
          () -> launcher.rerun(77, Again.parse("failed"), 1, false, new RoundProgress()));
      assertThat(RerunPlan.of(queries, 1, Optional.of(Again.parse("ok"))).targets()).hasSize(3);
    }
  }

  private static List<String> endpoints(List<AskableTarget> targets) {
    return targets.stream()
        .map(target -> target.uid() + " " + target.hotkey() + " " + target.endpoint())
        .toList();
  }

  private static void refused(
      String says, org.assertj.core.api.ThrowableAssert.ThrowingCallable work) {
    assertThatThrownBy(work)
        .isInstanceOf(RoundException.class)
        .hasMessageContaining(says)
        .extracting(e -> ((RoundException) e).reason())
        .isEqualTo(RoundException.Reason.NOT_RUNNABLE);
  }
}
