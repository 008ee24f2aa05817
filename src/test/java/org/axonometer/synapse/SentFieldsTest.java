package org.axonometer.synapse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.axonometer.synapse.PythonType.ListOf;
import org.axonometer.synapse.PythonType.OptionalOf;
import org.axonometer.synapse.PythonType.Plain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class SentFieldsTest {
  private static final SynapseType TYPE =
      new SynapseType(
          "Probe",
          List.of(
              new SynapseType.Field("roles", new ListOf(Plain.STR), true, null),
              new SynapseType.Field("rate", Plain.FLOAT, true, null),
              new SynapseType.Field("note", new OptionalOf(Plain.STR), false, null)),
          List.of(new SynapseType.Field("answer", Plain.STR, false, null)),
          List.of());

  private static List<String> changedIn(String body) {
    ObjectNode sent =
        (ObjectNode) JsonMapper.shared().readTree("{\"roles\":[\"user\",\"é\"],\"rate\":5}");
    return changedIn(TYPE, sent, body);
  }

  private static List<String> changedIn(SynapseType type, ObjectNode sent, String body) {
    return new SentFields(type, sent)
        .changedIn(
            SynapseReply.read(
                type,
                200,
                Map.of("content-type", List.of("application/json")),
                body.getBytes(UTF_8)));
  }

  @Test
  void namesWhatCameBackWithAnotherValueInClassOrder() {
    assertThat(changedIn("{\"rate\":5.5,\"roles\":[\"user\"],\"note\":null,\"answer\":\"x\"}"))
        .containsExactly("roles", "rate");
    assertThat(changedIn("{\"note\":\"new\"}")).containsExactly("note");
    assertThat(changedIn("{\"rate\":\"five\",\"roles\":null}")).containsExactly("roles", "rate");
  }

  @Test
  void takesWhatTheAxonsClassTakesForTheSameValueAsUnchanged() {
    assertThat(changedIn("{\"roles\":[\"user\",\"\\u00e9\"],\"rate\":5.0,\"note\":null}"))
        .isEmpty();
    assertThat(changedIn("{\"roles\":[\"user\",\"é\"],\"rate\":5}")).isEmpty();
  }

  /** Of each type a value that was sent, one equal to it, and one that is another. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "set[str]; [\"a\", \"b\"]; [\"b\", \"a\"]; [\"a\"]",
        "list[set[int]]; [[1, 2]]; [[2, 1, 1]]; [[2, 3]]",
        "decimal; \"1.10\"; 1.1; \"1.11\"",
        "list[decimal]; [\"1.10\"]; [\"1.1\"]; [\"1.1\", \"1\"]",
        "any; 5.0; 5; 6",
        "any; {\"a\": 1, \"b\": [2]}; {\"b\": [2.0], \"a\": 1}; {\"a\": 1}",
        "dict[str, int]; {\"a\": 1, \"b\": 2}; {\"b\": 2, \"a\": 1}; {\"a\": 2, \"b\": 1}",
        "datetime; \"2024-01-02T03:04:05Z\"; \"2024-01-02 05:04:05+02:00\";"
            + " \"2024-01-02T03:04:05\"",
        "tuple[int, ...]; [1, 2]; [1, 2.0]; [2, 1]",
      })
  void comparesAsPythonDoes(String type, String sent, String same, String other) {
    SynapseType one =
        new SynapseType(
            "One",
            List.of(new SynapseType.Field("value", PythonType.parse(type, Map.of()), true, null)),
            List.of(),
            List.of());
    ObjectNode fields = (ObjectNode) JsonMapper.shared().readTree("{\"value\":" + sent + "}");
    assertThat(changedIn(one, fields, "{\"value\":" + sent + "}")).isEmpty();
    assertThat(changedIn(one, fields, "{\"value\":" + same + "}")).isEmpty();
    assertThat(changedIn(one, fields, "{\"value\":" + other + "}")).containsExactly("value");
  }

  @Test
  void aFieldThatIsLeftOutDidNotChange() {
    assertThat(changedIn("{}")).isEmpty();
    assertThat(changedIn("[]")).isEmpty();
    assertThat(changedIn("no json")).isEmpty();
    assertThat(changedIn("")).isEmpty();
  }
}
