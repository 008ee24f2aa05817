package org.axonometer.dendrite;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.UUID;
import org.axonometer.synapse.DendriteView;
import org.axonometer.synapse.Synapse;
import org.axonometer.synapse.TerminalInfo;
import org.axonometer.testing.ClosedPort;
import org.axonometer.wallet.Hotkey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The lines of a query in the log. */
class DendriteLogTest {
  private static final Synapse ASKED =
      Synapse.ping()
          .preprocessed(
              12.0,
              TerminalInfo.EMPTY,
              new TerminalInfo(
                  null, null, null, "203.0.113.9", 8091L, null, null, null, "5Axon", null));

  private final Logger logger = (Logger) LoggerFactory.getLogger(DendriteClient.class);
  private final ListAppender<ILoggingEvent> heard = new ListAppender<>();

  @BeforeEach
  void listen() {
    heard.start();
    logger.addAppender(heard);
    logger.setAdditive(false);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(heard);
    logger.setAdditive(true);
    logger.setLevel(null);
  }

  private List<String> lines() {
    return heard.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void writesTheFamiliarLines() {
    assertThat(DendriteLog.outgoingLine(ASKED, 1_234))
        .isEqualTo("dendrite | --> | 1234 B | Synapse | 5Axon | 203.0.113.9:8091 | 0 | Success");
    assertThat(
            DendriteLog.incomingLine(
                ASKED.processErrorMessage(new DendriteView(403, "Forbidden\nby \u001b[31m")), 17))
        .isEqualTo(
            "dendrite | <-- | 17 B | Synapse | 5Axon | 203.0.113.9:8091 | 403 | Forbidden by"
                + " \uFFFD[31m");
    assertThat(DendriteLog.incomingLine(ASKED, 0)).endsWith(" | None | None");
  }

  @Test
  void showsThemAtTraceOrWhenDebuggingIsOn() {
    logger.setLevel(Level.INFO);
    new DendriteLog(false).outgoing(ASKED, 1);
    assertThat(lines()).isEmpty();
    new DendriteLog(true).outgoing(ASKED, 1);
    assertThat(lines()).hasSize(1);
    logger.setLevel(Level.TRACE);
    new DendriteLog(false).incoming(ASKED, 1);
    assertThat(lines()).hasSize(2);
  }

  @Test
  void marksAnExceptionWithAnId() {
    logger.setLevel(Level.INFO);
    var log = new DendriteLog(false);
    UUID id = log.exception(Outcome.BAD_BODY, "not JSON");
    log.exception(Outcome.TIMED_OUT, "late");

    assertThat(lines()).containsExactly("BAD_BODY#" + id + ": not JSON");
    assertThat(heard.list.getFirst().getLevel()).isEqualTo(Level.WARN);
  }

  @Test
  void logsAnExceptionOfTheNetworkAtDebugAndWhateverTheAxonWroteOnOneLine() {
    logger.setLevel(Level.DEBUG);
    var log = new DendriteLog(false);
    for (Outcome outcome : List.of(Outcome.TIMED_OUT, Outcome.UNREACHABLE, Outcome.DISCONNECTED)) {
      UUID id = log.exception(outcome, "gone");
      assertThat(lines().getLast()).isEqualTo(outcome + "#" + id + ": gone");
      assertThat(heard.list.getLast().getLevel()).isEqualTo(Level.DEBUG);
    }
    log.exception(Outcome.AXON_ERROR, "HTTP 500: two\nlines\u001b[2J");
    assertThat(lines().getLast()).doesNotContainPattern("\\p{Cntrl}").contains("two lines");
  }

  @Test
  void theClientLogsItsQueriesAndMarksTheirExceptions() throws InterruptedException {
    HttpProperties.set();
    logger.setLevel(Level.TRACE);
    Hotkey hotkey = Hotkey.generate();
    Reply<Synapse> reply;
    try (ClosedPort nobody = ClosedPort.hold()) {
      reply = new DendriteClient(hotkey).query(new AxonTarget(nobody.endpoint(), hotkey.address()));
    }

    assertThat(lines()).hasSize(3);
    assertThat(lines().getFirst())
        .startsWith(
            "dendrite | --> | " + reply.request().body().length + " B | Synapse | " + hotkey);
    assertThat(lines().get(1)).startsWith("UNREACHABLE#" + reply.errorId().orElseThrow() + ": ");
    assertThat(lines().get(2))
        .startsWith("dendrite | <-- | 0 B | Synapse | ")
        .contains(" | 503 | ");
  }
}
