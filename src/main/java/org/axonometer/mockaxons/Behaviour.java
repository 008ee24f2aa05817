package org.axonometer.mockaxons;

import java.time.Duration;

/**
 * What one simulated axon does with every query.
 *
 * @param delay from the last byte of the query until the first byte of the answer; at most an hour
 */
public record Behaviour(Manner manner, Duration delay) {

  /** The closed list of ways to treat a query. Each but CLOSED reads the whole query first. */
  public enum Manner {
    /** Checks and answers as the SDK's axon does. */
    ANSWER(true),
    /** Answers 403, as an axon with a blacklist. */
    BLACKLIST(true),
    /** Answers 401, as an axon that serves under another hotkey than the snapshot says. */
    NOT_VERIFIED(true),
    /** Checks, then answers 500, as an axon whose forward function throws. */
    FAULT(true),
    /** Sends half of the true answer, then resets the connection. */
    RESET(true),
    /** Answers 200 with the first half of the true JSON. */
    BROKEN_JSON(true),
    /** Answers 200 with values of a wrong type in every response field. */
    WRONG_TYPE(true),
    /** Sends the true answer at four bytes a second. */
    DRIP(true),
    /** Streams the answer's text in eight pieces, 20 ms apart. */
    STREAM(true),
    /** Begins a stream, then sends all of it at the end of the time STREAM takes. */
    STREAM_HELD_BACK(true),
    /** Streams the first half, then closes. */
    STREAM_CUT(true),
    /** Never answers and keeps the connection open until the peer leaves. */
    HANG(false),
    /** Closes the connection without an answer. */
    HANG_UP(false),
    /** Sends a body that does not end before a gibibyte. */
    ENDLESS(false),
    /** Sends bytes that are not HTTP. */
    RUBBISH(false),
    /** Answers 502 with an HTML page, as a proxy without its axon. */
    HTML(false),
    /** Stands in the snapshot, but nothing listens there. */
    CLOSED(false);

    private final boolean checks;

    Manner(boolean checks) {
      this.checks = checks;
    }

    /** Whether a good answer is a stream. */
    public boolean streams() {
      return switch (this) {
        case STREAM, STREAM_HELD_BACK, STREAM_CUT -> true;
        case ANSWER,
            BLACKLIST,
            NOT_VERIFIED,
            FAULT,
            RESET,
            BROKEN_JSON,
            WRONG_TYPE,
            DRIP,
            HANG,
            HANG_UP,
            ENDLESS,
            RUBBISH,
            HTML,
            CLOSED ->
            false;
      };
    }

    /** Whether the query is checked at all: signature, nonce, body. */
    public boolean checks() {
      return checks;
    }
  }

  private static final Duration LONGEST = Duration.ofHours(1);

  public Behaviour {
    if (delay.isNegative() || delay.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("delay must be 0 to 1h, was " + delay);
    }
  }

  /** That manner, without a delay. */
  public static Behaviour of(Manner manner) {
    return new Behaviour(manner, Duration.ZERO);
  }

  /** An honest answer that leaves this long after the query's last byte came in. */
  public static Behaviour answersAfter(Duration delay) {
    return new Behaviour(Manner.ANSWER, delay);
  }
}
