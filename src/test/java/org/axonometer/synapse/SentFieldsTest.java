package org.axonometer.synapse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.axonometer.synapse.PythonType.ListOf;
import org.axonometer.synapse.PythonType.OptionalOf;
import org.axonometer.synapse.PythonType.Plain;
import org.junit.jupiter.api.Test;
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
    return new SentFields(TYPE, sent).changedIn(body.getBytes(UTF_8));
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

  @Test
  void aFieldThatIsLeftOutDidNotChange() {
    assertThat(changedIn("{}")).isEmpty();
    assertThat(changedIn("[]")).isEmpty();
    assertThat(changedIn("no json")).isEmpty();
    assertThat(changedIn("")).isEmpty();
  }
}
