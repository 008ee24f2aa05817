package org.axonometer.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobValuesTest {

  @ParameterizedTest
  @CsvSource({"100ms, 100", "12s, 12000", "10m, 600000", "2h, 7200000", "1d, 86400000"})
  void readsDurations(String text, long millis) {
    assertThat(Quantities.duration(text)).hasValue(Duration.ofMillis(millis));
    assertThat(Quantities.show(Duration.ofMillis(millis))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"12", "12 s", "-1s", "1.5s", "1S", "s", "", "1000000000s", "1m30s", "١s"})
  void refusesOtherDurations(String text) {
    assertThat(Quantities.duration(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"512B, 512", "64KiB, 65536", "16MiB, 16777216"})
  void readsSizes(String text, long bytes) {
    assertThat(Quantities.bytes(text)).hasValue(bytes);
    assertThat(Quantities.show(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1024", "1MB", "1kib", "1K", "1.5MiB", "12s"})
  void refusesOtherSizes(String text) {
    assertThat(Quantities.bytes(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "timout, timeout",
    "partitons, partitions",
    "max_attempts, max-attempts",
    "dmeo, demo",
  })
  void findsWhatWasMeant(String written, String meant) {
    assertThat(Nearest.to(written, List.of("timeout", "partitions", "max-attempts", "demo")))
        .hasValue(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"weather", "x", "", "concurrency"})
  void suggestsNothingFarAway(String written) {
    assertThat(Nearest.to(written, List.of("timeout", "partitions", "demo", "wa"))).isEmpty();
    assertThat(Nearest.to("x".repeat(100_000), List.of("timeout"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          7 | 7
          -7 | -7
          +7 | 7
          0 | 0
          -0 | 0
          9223372036854775808 | 9223372036854775808
          1.0 | 1.0
          -0.0 | -0.0
          1e5 | 100000.0
          .5 | 0.5
          5. | 5.0
          true | true
          FALSE | false
          null | null
          ~ | null
          yes | "yes"
          1.2.3 | "1.2.3"
          2026-11-01 | "2026-11-01"
          1_000 | "1_000"
          12:30 | "12:30"
          """)
  void plainScalarsAreReadByTheCoreRules(String text, String json) {
    assertThat(JsonValue.of(new YamlNode.Scalar(text, true, 1)).toString()).isEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "true", "null", "", "007", ".inf"})
  void whatIsQuotedIsText(String text) {
    assertThat(JsonValue.of(new YamlNode.Scalar(text, false, 1)).stringValue()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"007", "-01", "01.5", "0x1F", "0o17", ".inf", "-.Inf", ".nan"})
  void refusesNumbersThatCouldBeReadTwoWays(String text) {
    assertThatThrownBy(() -> JsonValue.of(new YamlNode.Scalar(text, true, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "\"" + text + "\" is not a plain decimal number; put it in quotes to send it as text");
  }

  @ParameterizedTest
  @CsvSource({"1e999, too large for a float", "-1e999, too large for a float"})
  void refusesNumbersThatDoNotFit(String text, String why) {
    assertThatThrownBy(() -> JsonValue.of(new YamlNode.Scalar(text, true, 1)))
        .hasMessageContaining(why);
    assertThatThrownBy(() -> JsonValue.of(new YamlNode.Scalar("1".repeat(1_001), true, 1)))
        .hasMessageContaining("is longer than 1000 digits");
  }

  @Test
  void nestedValuesKeepTheirOrder() {
    YamlNode one = new YamlNode.Scalar("1", true, 1);
    Map<String, YamlNode.Entry> entries = new java.util.LinkedHashMap<>();
    entries.put("b", new YamlNode.Entry(1, one));
    entries.put("a", new YamlNode.Entry(1, new YamlNode.Sequence(List.of(one, one), 1)));

    assertThat(JsonValue.of(new YamlNode.Mapping(entries, 1)).toString())
        .isEqualTo("{\"b\":1,\"a\":[1,1]}");
  }
}
