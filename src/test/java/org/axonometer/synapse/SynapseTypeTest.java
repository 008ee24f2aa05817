package org.axonometer.synapse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.axonometer.synapse.PythonType.Plain;
import org.axonometer.synapse.SynapseType.Field;
import org.axonometer.synapse.SynapseType.HashOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class SynapseTypeTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "1a", "a-b", "a b", "caf\u00e9", "class", "None", "a/b", "a\r\nb"})
  void refusesNamesThatAreNoPythonIdentifiers(String name) {
    assertThatThrownBy(() -> new SynapseType(name, List.of(), List.of(), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Python identifier");
    assertThatThrownBy(() -> required(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Python identifier");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name",
        "timeout",
        "total_size",
        "header_size",
        "dendrite",
        "axon",
        "computed_body_hash"
      })
  void refusesTheNamesEverySynapseHas(String name) {
    assertThatThrownBy(() -> type(List.of(required(name)), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("every synapse has");
  }

  @Test
  void refusesRequiredFieldsNoHeaderCanName() {
    assertThatThrownBy(() -> type(List.of(required("myField")), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("upper-case");
    assertThatCode(
            () -> type(List.of(new Field("myField", Plain.INT, false, json("1"))), List.of()))
        .doesNotThrowAnyException();
  }

  @Test
  void refusesTheSameNameTwiceAndPrivateNames() {
    assertThatThrownBy(
            () ->
                new SynapseType("Probe", List.of(required("a")), List.of(required("a")), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("declares field a twice");
    assertThatThrownBy(() -> required("_a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("underscore");
  }

  @Test
  void refusesToHashWhatIsNotDeclared() {
    assertThatThrownBy(() -> type(List.of(required("a")), List.of("a", "b")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("hashes b")
        .hasMessageContaining("[a]");
  }

  @Test
  void refusesDefaultsThatDoNotFitTheirField() {
    assertThatThrownBy(() -> new Field("a", Plain.INT, false, json("\"x\"")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("default of field a")
        .hasMessageContaining("\"x\" is not int");
    assertThatThrownBy(() -> new Field("a", Plain.INT, true, json("1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("required and has a default");
    assertThatThrownBy(
            () -> new PythonType.Model("M", List.of(new Field("a", Plain.INT, false, null))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("optional[int]");
  }

  @Test
  void ordersHashFieldsAsTheAxonsSdkDoes() {
    List<Field> fields = List.of(required("a"), required("b"), required("d"));
    assertThat(SynapseType.hashOrder(fields, List.of("b", "a"), HashOrder.DECLARED))
        .containsExactly("b", "a");
    assertThat(SynapseType.hashOrder(fields, List.of("b", "a", "zz"), HashOrder.CLASS))
        .containsExactly("a", "b");
    assertThatThrownBy(() -> SynapseType.hashOrder(fields, List.of("b", "zz"), HashOrder.DECLARED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("zz");
  }

  @Test
  void takesValuesOfTheDeclaredTypesAndDefaults() {
    SynapseType type =
        type(
            List.of(
                required("a"),
                new Field("b", Plain.STR, false, json("\"x\"")),
                new Field("c", PythonType.parse("optional[float]", Map.of()), false, null)),
            List.of("a", "b", "c"));
    assertThatCode(() -> type.check(fields("{\"a\": \"5\"}"))).doesNotThrowAnyException();
    assertThat(type.hashTexts(type.values(fields("{\"a\": 1.0, \"c\": 2}"))))
        .containsExactly("1", "x", "2.0");
  }

  @Test
  void refusesMissingUnknownAndWrongValues() {
    SynapseType type =
        new SynapseType(
            "Probe",
            List.of(required("a"), new Field("b", Plain.STR, false, null)),
            List.of(new Field("out", Plain.ANY, false, null)),
            List.of());
    refused(type, "{\"b\": \"x\"}")
        .hasMessageContaining("field a")
        .hasMessageContaining("no value");
    refused(type, "{\"a\": 1}").hasMessageContaining("field b").hasMessageContaining("no default");
    refused(type, "{\"a\": 1, \"b\": \"x\", \"out\": 1}").hasMessageContaining("field out");
    refused(type, "{\"a\": 1, \"b\": \"x\", \"c\": 1}").hasMessageContaining("field c");
    refused(type, "{\"a\": \"y\", \"b\": \"x\"}")
        .hasMessageContaining("field a of synapse Probe: \"y\" is not int");
    refused(type, "{\"a\": null, \"b\": \"x\"}").hasMessageContaining("null is not int");
  }

  @Test
  void refusesNumbersThatAxonsReadDifferently() {
    SynapseType type = type(List.of(new Field("x", Plain.ANY, true, null)), List.of("x"));
    assertThatCode(() -> type.check(fields("{\"x\": 18446744073709551615}")))
        .doesNotThrowAnyException();
    assertThatCode(() -> type.check(fields("{\"x\": -9223372036854775808}")))
        .doesNotThrowAnyException();
    refused(type, "{\"x\": 18446744073709551616}").hasMessageContaining("65 bits");
    refused(type, "{\"x\": [-9223372036854775809]}").hasMessageContaining("field x");
    refused(type, "{\"x\": {\"k\": [1e400]}}").hasMessageContaining("float inf");
    SynapseType floats = type(List.of(new Field("x", Plain.FLOAT, true, null)), List.of("x"));
    refused(floats, "{\"x\": \"nan\"}").hasMessageContaining("float nan");
  }

  @Test
  void refusesHashedTextThatHasNoUtf8Form() {
    SynapseType type = type(List.of(new Field("x", Plain.ANY, true, null)), List.of("x"));
    refused(type, "{\"x\": \"a\\ud800\"}").hasMessageContaining("lone surrogate");
    assertThatCode(() -> type.check(fields("{\"x\": [\"a\\ud800\"]}"))).doesNotThrowAnyException();
  }

  @Test
  void refusesHashedSetsAndDateTimesWhoseTextCannotBeTold() {
    SynapseType sets =
        type(
            List.of(new Field("x", PythonType.parse("set[str]", Map.of()), true, null)),
            List.of("x"));
    refused(sets, "{\"x\": [\"a\", \"b\"]}").hasMessageContaining("hash order");
    SynapseType times =
        type(
            List.of(new Field("x", PythonType.parse("list[datetime]", Map.of()), true, null)),
            List.of("x"));
    refused(times, "{\"x\": [\"2024-01-02T00:00Z\"]}").hasMessageContaining("pydantic");
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> refused(
      SynapseType type, String json) {
    return assertThatThrownBy(() -> type.check(fields(json)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static SynapseType type(List<Field> requestFields, List<String> hashFields) {
    return new SynapseType("Probe", requestFields, List.of(), hashFields);
  }

  private static Field required(String name) {
    return new Field(name, Plain.INT, true, null);
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  private static ObjectNode fields(String text) {
    return (ObjectNode) json(text);
  }
}
