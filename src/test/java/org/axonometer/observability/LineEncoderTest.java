package org.axonometer.observability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class LineEncoderTest {
  private static final Instant TEN = Instant.parse("2026-11-23T10:00:00Z");

  private static String line(LineEncoder encoder, String message, Instant at) {
    var event = new LoggingEvent();
    event.setLevel(Level.WARN);
    event.setLoggerName("org.axonometer.Test");
    event.setMessage(message);
    event.setInstant(at);
    return new String(encoder.encode(event), UTF_8);
  }

  private static LineEncoder json() {
    var encoder = new LineEncoder();
    encoder.setFormat("json");
    return encoder;
  }

  @Test
  void anEventIsOneLineWhateverIsInIt() {
    String hostile = "a\nb\r\u001b[2J\u2028c\u0085d\u202e";

    assertThat(line(new LineEncoder(), hostile, TEN))
        .isEqualTo(
            "2026-11-23T10:00:00.000Z | WARN  | a\\u000ab\\u000d\\u001b[2J\\u2028c\\u0085d\\u202e\n");
    String object = line(json(), hostile, TEN);
    assertThat(object).matches("\\p{ASCII}+").endsWith("}\n").containsOnlyOnce("\n");
    assertThat(new JsonMapper().readTree(object).get("message").asString()).isEqualTo(hostile);
  }

  @Test
  void aLineSaidAgainWithinAMinuteIsCountedAndToldAfterwards() {
    var encoder = new LineEncoder();

    assertThat(line(encoder, "same", TEN)).endsWith("| same\n");
    assertThat(line(encoder, "same", TEN.plusSeconds(20))).isEmpty();
    assertThat(line(encoder, "same", TEN.plusSeconds(59))).isEmpty();
    assertThat(line(encoder, "other", TEN.plusSeconds(61)))
        .isEqualTo(
            """
            2026-11-23T10:00:59.000Z | WARN  | same | repeated=2
            2026-11-23T10:01:01.000Z | WARN  | other
            """);
    assertThat(line(encoder, "same", TEN.plusSeconds(62))).endsWith("| same\n");
    assertThat(new String(encoder.footerBytes(), UTF_8)).isEmpty();
  }

  @Test
  void theEndTellsWhatWasCountedAndAFullMemoryForgetsTheOldest() {
    LineEncoder encoder = json();
    line(encoder, "same", TEN);
    line(encoder, "same", TEN);

    assertThat(new String(encoder.footerBytes(), UTF_8)).contains("\"repeated\":1");
    for (int i = 0; i < 10_000; i++) {
      assertThat(line(encoder, "line " + i, TEN.plus(Duration.ofMillis(i)))).contains("line " + i);
    }
    assertThat(line(encoder, "line 0", TEN.plusSeconds(11))).contains("line 0");
  }

  @ParameterizedTest
  @CsvSource({
    "axon=203.0.113.7:8091 ok, axon=[address]:8091 ok",
    "axon=[2001:db8::1]:8091, axon=[[address]]:8091",
    "at ::1., at [address].",
    "2001:db8:0:0:0:0:0:1, [address]",
    "::ffff:203.0.113.7, [address]",
    "2026-11-23T10:00:00Z took 12:30:05, 2026-11-23T10:00:00Z took 12:30:05",
    "Foo::bar and round=481, Foo::bar and round=481",
    "sdk 10.2.0, sdk 10.2.0"
  })
  void masksAddressesAndNothingElse(String message, String masked) {
    assertThat(line(new LineEncoder(), message, TEN)).endsWith("| " + message + "\n");

    var encoder = new LineEncoder();
    encoder.setRedactAddresses(true);
    assertThat(line(encoder, message, TEN)).endsWith("| " + masked + "\n");
  }
}
