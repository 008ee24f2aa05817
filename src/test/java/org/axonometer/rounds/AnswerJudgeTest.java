package org.axonometer.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.axonometer.dendrite.Exchange;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.AnswerChecks;
import org.axonometer.history.Claim;
import org.axonometer.history.EndedAttempt;
import org.axonometer.history.PlannedTarget;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.Uid;
import org.axonometer.synapse.DendriteView;
import org.axonometer.testing.SnapshotNeurons;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AnswerJudgeTest {

  @Test
  void anAnswerThatNoCheckCanTakeIsStoredWithoutChecksAndToldOfOnce() {
    var logger = (Logger) LoggerFactory.getLogger(AnswerJudge.class);
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    logger.addAppender(lines);
    try {
      var checked = new AnswerChecks(null, null, "VALID", null);
      var judge =
          new AnswerJudge(
              7,
              (attempt, exchange) -> {
                if (attempt.claim().target().uid().value() < 3) {
                  throw new IllegalStateException("what no parser expects");
                }
                return checked;
              });
      assertThat(checks(judge.judge(answered(1)))).isEqualTo(AnswerChecks.NONE);
      assertThat(checks(judge.judge(answered(2)))).isEqualTo(AnswerChecks.NONE);
      assertThat(checks(judge.judge(answered(3)))).isEqualTo(checked);
      assertThat(lines.list)
          .singleElement()
          .extracting(ILoggingEvent::getFormattedMessage)
          .asString()
          .contains("round=7 uid=1", "what no parser expects");
    } finally {
      logger.detachAppender(lines);
    }
  }

  private static AnswerChecks checks(EndedAttempt attempt) {
    return attempt.sent().orElseThrow().checks();
  }

  private static EndedAttempt answered(int uid) {
    var target =
        new PlannedTarget(
            new Uid(uid),
            SnapshotNeurons.hotkey(uid),
            new AxonEndpoint(AxonEndpoint.literal("8.8.8.8"), 80),
            uid,
            0,
            1);
    var exchange =
        new Exchange(
            Outcome.OK,
            null,
            200,
            null,
            new DendriteView(200, "Success"),
            new Exchange.Timings(1L, 2L, 3L),
            Map.of(),
            new byte[0]);
    return new EndedAttempt(
        new Claim(target, 1, "uuid", 1),
        Instant.EPOCH,
        Optional.of(new EndedAttempt.Sent(exchange, 1, 1, "", new byte[0], "{}", false)));
  }
}
