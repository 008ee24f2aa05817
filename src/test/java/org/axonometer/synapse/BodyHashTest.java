package org.axonometer.synapse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.axonometer.synapse.PythonType.Plain;
import org.axonometer.synapse.SynapseType.Field;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class BodyHashTest {
  private static final String OF_NOTHING =
      "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a";
  private static final String OF_1_2_FOOBAR =
      "ae06397d08f30f75c91395c59f05c62ac3b62b88250eb78b109213258e6ced0c";

  @Test
  void hashesNoFieldsAsNoBytes() {
    assertThat(BodyHash.of(List.of()).hex()).isEqualTo(OF_NOTHING);
  }

  @Test
  void hashesTheHexOfEachField() {
    assertThat(BodyHash.of(List.of("1", "2", "['foobar']")).hex()).isEqualTo(OF_1_2_FOOBAR);
  }

  @Test
  void hashesAQueryAsTheAxonSeesIt() {
    SynapseType type =
        new SynapseType(
            "Known",
            List.of(
                new Field("a", Plain.INT, true, null),
                new Field("b", Plain.INT, false, json("2")),
                new Field("c", Plain.ANY, false, null),
                new Field("d", PythonType.parse("list[str]", Map.of()), true, null)),
            List.of(),
            List.of("a", "b", "d"));
    assertThat(BodyHash.of(type, fields("{\"a\": 1.0, \"d\": [\"foobar\"]}")).hex())
        .isEqualTo(OF_1_2_FOOBAR);
  }

  @Test
  void refusesTextWithoutUtf8Form() {
    assertThatThrownBy(() -> BodyHash.of(List.of("a\ud800")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lone surrogate");
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  private static ObjectNode fields(String text) {
    return (ObjectNode) json(text);
  }
}
