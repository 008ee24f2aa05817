package org.axonometer.dendrite;

import java.util.UUID;
import org.axonometer.synapse.ReplyText;
import org.axonometer.synapse.Synapse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The lines Python's dendrite logs of each query, in its form, at level TRACE; with the variable
 * {@code BITTENSOR_DEBUG=1} at INFO. Nothing an axon says can break a line.
 */
final class DendriteLog {
  private static final Logger log = LoggerFactory.getLogger(DendriteClient.class);

  private final Level level;

  DendriteLog(boolean debug) {
    this.level = debug ? Level.INFO : Level.TRACE;
  }

  static DendriteLog ofEnvironment() {
    return new DendriteLog("1".equals(System.getenv("BITTENSOR_DEBUG")));
  }

  void outgoing(Synapse synapse, int bytes) {
    log.atLevel(level).log(() -> outgoingLine(synapse, bytes));
  }

  void incoming(Synapse synapse, int bytes) {
    log.atLevel(level).log(() -> incomingLine(synapse, bytes));
  }

  /**
   * Says what went wrong at DEBUG when the network is the cause, else at WARN.
   *
   * @return what marks the line
   */
  UUID exception(Outcome outcome, String detail) {
    UUID errorId = UUID.randomUUID();
    boolean network =
        switch (outcome) {
          case TIMED_OUT, UNREACHABLE, DISCONNECTED -> true;
          default -> false;
        };
    log.atLevel(network ? Level.DEBUG : Level.WARN)
        .log(() -> outcome + "#" + errorId + ": " + ReplyText.line(detail));
    return errorId;
  }

  /** The size is of the body sent. */
  static String outgoingLine(Synapse synapse, int bytes) {
    return line("-->", synapse, bytes, "0 | Success");
  }

  /** The size is of the body received. */
  static String incomingLine(Synapse synapse, int bytes) {
    return line(
        "<--",
        synapse,
        bytes,
        synapse.dendrite().statusCode() + " | " + synapse.dendrite().statusMessage());
  }

  private static String line(String arrow, Synapse synapse, int bytes, String status) {
    String text =
        "dendrite | %s | %d B | %s | %s | %s:%s | %s"
            .formatted(
                arrow,
                bytes,
                synapse.name(),
                synapse.axon().hotkey(),
                synapse.axon().ip(),
                synapse.axon().port(),
                status);
    return ReplyText.line(text.replace("| null", "| None"));
  }
}
