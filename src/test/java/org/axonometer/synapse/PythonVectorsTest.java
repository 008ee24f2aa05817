package org.axonometer.synapse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.axonometer.synapse.PythonType.Model;
import org.axonometer.synapse.PythonType.Plain;
import org.axonometer.synapse.PythonValue.Bytes;
import org.axonometer.synapse.PythonValue.Tuple;
import org.axonometer.synapse.SynapseType.Field;
import org.axonometer.synapse.SynapseType.HashOrder;
import org.axonometer.testing.SharedFolder;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The recorded answers of CPython and pydantic, every case of them. */
class PythonVectorsTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  private static JsonNode vectors(String name) {
    return JSON.readTree(SharedFolder.file("vectors/" + name));
  }

  @Test
  void printsEveryRecordedFloat() {
    JsonNode floats = vectors("python-repr.json").get("floats");
    assertThat(floats.size()).isPositive();
    for (JsonNode pair : floats) {
      long bits = Long.parseUnsignedLong(pair.get(0).stringValue(), 16);
      assertThat(PythonText.repr(Double.longBitsToDouble(bits)))
          .isEqualTo(pair.get(1).stringValue());
    }
  }

  @Test
  void printsEveryRecordedCharacter() {
    JsonNode chars = vectors("python-repr.json").get("chars");
    assertThat(chars.size()).isPositive();
    for (JsonNode pair : chars) {
      int point = pair.get(0).intValue();
      assertThat(PythonText.repr(Character.toString(point)))
          .as("U+%04X", point)
          .isEqualTo(pair.get(1).stringValue());
    }
  }

  @TestFactory
  Stream<DynamicTest> hashesEveryRecordedBody() {
    return vectors("bodyhash.json")
        .valueStream()
        .map(c -> DynamicTest.dynamicTest(c.get("id").stringValue(), () -> checkHash(c)));
  }

  private static void checkHash(JsonNode vector) {
    ObjectNode fields = (ObjectNode) vector.get("fields");
    List<Field> declared =
        fields.propertyNames().stream().map(n -> new Field(n, Plain.ANY, true, null)).toList();
    HashOrder order = HashOrder.valueOf(vector.get("order").stringValue().toUpperCase(Locale.ROOT));
    List<String> hashFields =
        SynapseType.hashOrder(declared, names(vector.get("required_hash_fields")), order);
    assertThat(hashFields).isEqualTo(names(vector.get("hash_order")));

    List<String> texts = new ArrayList<>();
    for (String field : hashFields) {
      String text = PythonText.str(python(fields.get(field)));
      assertThat(text).isEqualTo(vector.get("field_str").get(field).stringValue());
      texts.add(text);
    }
    String expected = vector.get("expected_hash").stringValue();
    assertThat(BodyHash.of(texts).hex()).isEqualTo(expected);

    boolean isJson = vector.get("json_roundtrip_ok").booleanValue();
    if (isJson && !fields.toString().contains("$float")) {
      SynapseType type = new SynapseType("Vector", declared, List.of(), hashFields);
      assertThat(BodyHash.of(type, fields).hex()).isEqualTo(expected);
    }
  }

  private static List<String> names(JsonNode array) {
    return array.valueStream().map(JsonNode::stringValue).toList();
  }

  /** Undoes the tags that stand for Python values JSON cannot carry. */
  private static Object python(JsonNode json) {
    if (json.has("$float")) {
      return switch (json.get("$float").stringValue()) {
        case "nan" -> Double.NaN;
        case "inf" -> Double.POSITIVE_INFINITY;
        default -> Double.NEGATIVE_INFINITY;
      };
    }
    if (json.has("$tuple")) {
      return new Tuple(json.get("$tuple").valueStream().map(PythonVectorsTest::python).toList());
    }
    if (json.has("$bytes_hex")) {
      byte[] bytes = HexFormat.of().parseHex(json.get("$bytes_hex").stringValue());
      return new Bytes(new String(bytes, StandardCharsets.ISO_8859_1));
    }
    if (json.has("$dict_items")) {
      Map<Object, Object> dict = new LinkedHashMap<>();
      json.get("$dict_items").forEach(item -> dict.put(python(item.get(0)), python(item.get(1))));
      return dict;
    }
    if (json.isArray()) {
      return json.valueStream().map(PythonVectorsTest::python).toList();
    }
    if (json.isObject()) {
      Map<Object, Object> dict = new LinkedHashMap<>();
      json.properties().forEach(item -> dict.put(item.getKey(), python(item.getValue())));
      return dict;
    }
    return PythonValue.of(json);
  }

  @TestFactory
  Stream<DynamicTest> coercesEveryRecordedValue() {
    return vectors("field-coercion.json")
        .get("cases")
        .valueStream()
        .map(
            c ->
                DynamicTest.dynamicTest(
                    c.get("field_type").stringValue() + " " + c.get("json").stringValue(),
                    () -> checkCoercion(c)));
  }

  private static void checkCoercion(JsonNode vector) {
    PythonType type = type(vector.get("field_type").stringValue());
    JsonNode given = JSON.readTree(vector.get("json").stringValue());
    JsonNode expected = vector.get("pydantic2_str");
    if (expected.isNull()) {
      assertThatThrownBy(() -> type.coerce(given))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(type.toString());
    } else {
      assertThat(PythonText.str(type.coerce(given))).isEqualTo(expected.stringValue());
    }
    JsonNode onPydantic1 = vector.get("pydantic1_str");
    if (onPydantic1.isNull()) {
      assertThatThrownBy(() -> Coercion.ofPydantic1(type, given))
          .isInstanceOf(IllegalArgumentException.class);
    } else {
      assertThat(PythonText.str(Coercion.ofPydantic1(type, given)))
          .isEqualTo(onPydantic1.stringValue());
    }
  }

  private static PythonType type(String written) {
    return switch (written) {
      case "StrEnum(str,Enum)" -> PythonType.parse("enum[E1, a='a', b='b']", Map.of());
      case "Model(role,content,n)" ->
          new Model(
              "Message",
              List.of(
                  new Field("role", Plain.STR, false, JSON.readTree("\"user\"")),
                  new Field("content", Plain.STR, true, null),
                  new Field("n", PythonType.parse("optional[int]", Map.of()), false, null)));
      case "Tensor-like" ->
          new Model(
              "Tensor",
              List.of(
                  new Field("buffer", Plain.STR, true, null),
                  new Field("dtype", Plain.STR, true, null),
                  new Field("shape", PythonType.parse("list[int]", Map.of()), true, null)));
      default -> PythonType.parse(written, Map.of());
    };
  }
}
