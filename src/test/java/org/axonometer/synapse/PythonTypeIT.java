package org.axonometer.synapse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.axonometer.synapse.PythonType.Model;
import org.axonometer.synapse.PythonType.Plain;
import org.axonometer.synapse.SynapseType.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

class PythonTypeIT {
  private static final int TYPES = 400;
  private static final int VALUES_PER_TYPE = 50;
  private static final List<String> LEAVES =
      List.of(
          "str",
          "int",
          "float",
          "bool",
          "any",
          "decimal",
          "A",
          "B",
          "literal['a', 1]",
          "literal[True, 'b']",
          "enum[E1, a='a', b='b']");
  private static final Map<String, Model> MODELS =
      Map.of(
          "A",
          new Model(
              "A",
              List.of(
                  new Field("a", Plain.INT, true, null),
                  new Field("n", PythonType.parse("optional[int]", Map.of()), false, null))),
          "B",
          new Model(
              "B",
              List.of(
                  new Field("a", Plain.INT, true, null),
                  new Field("b", Plain.FLOAT, false, JsonMapper.shared().readTree("0.5")))));
  private static final String SCRIPT =
      """
      import base64, enum, json, sys
      from decimal import Decimal
      from typing import Any, Dict, List, Literal, Optional, Set, Tuple, Union
      from pydantic import BaseModel, create_model

      class A(BaseModel):
          a: int
          n: Optional[int] = None

      class B(BaseModel):
          a: int
          b: float = 0.5

      class E1(str, enum.Enum):
          a = "a"
          b = "b"

      names = dict(any=Any, dict=Dict, list=List, literal=Literal, optional=Optional, set=Set,
                   tuple=Tuple, union=Union, decimal=Decimal, A=A, B=B, E1=E1)
      models = {}
      for line in open(sys.argv[1]):
          written, value = json.loads(line)
          written = written.replace("enum[E1, a='a', b='b']", "E1")
          if written not in models:
              models[written] = create_model("M", x=(eval(written, dict(names)), ...))
          try:
              dumped = models[written](x=value).model_dump()
          except ValueError:
              print("refused")
              continue
          print(base64.b64encode(str(dumped["x"]).encode("utf-8", "surrogatepass")).decode())
      """;

  private record Case(PythonType type, JsonNode value) {}

  @TempDir Path folder;

  @Test
  void takesAndRefusesRandomValuesAsThisMachinesPydanticDoes() {
    PythonProcess.assumeRuns(
        "import sys, pydantic; assert sys.version_info >= (3, 9) and pydantic.VERSION[0] == '2'");
    RandomJson random = new RandomJson(20_261_102);
    List<Case> cases = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (int t = 0; t < TYPES; t++) {
      PythonType type = PythonType.parse(type(random.random(), 2), MODELS);
      for (int v = 0; v < VALUES_PER_TYPE; v++) {
        JsonNode value = random.random().nextInt(4) == 0 ? random.value(2) : shaped(type, random);
        cases.add(new Case(type, value));
        lines.add("[" + PythonJson.text(type.toString()) + ", " + PythonJson.text(value) + "]");
      }
    }
    List<String> answers = PythonProcess.answers(folder, SCRIPT, lines);
    assertThat(answers).hasSize(cases.size());
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      String ours = ours(cases.get(i));
      String theirs = answers.get(i);
      if (!theirs.equals("refused")) {
        theirs = new String(Base64.getDecoder().decode(theirs), StandardCharsets.UTF_8);
      }
      if (!ours.equals(theirs) && !ours.equals("unpredictable")) {
        differences.add(lines.get(i) + " ours " + ours + " theirs " + theirs);
      }
    }
    assertThat(differences).isEmpty();
    assertThat(answers.stream().filter("refused"::equals).count())
        .isBetween(cases.size() / 10L, cases.size() * 9L / 10);
  }

  private static String ours(Case one) {
    Object value;
    try {
      value = one.type().coerce(one.value());
    } catch (IllegalArgumentException refused) {
      return "refused";
    }
    try {
      return PythonText.str(value);
    } catch (IllegalArgumentException unpredictable) {
      return "unpredictable";
    }
  }

  private static String type(Random random, int levels) {
    if (levels == 0) {
      return LEAVES.get(random.nextInt(LEAVES.size()));
    }
    String inner = type(random, levels - 1);
    String other = type(random, levels - 1);
    return switch (random.nextInt(9)) {
      case 0 -> "list[" + inner + "]";
      case 1 -> "dict[str, " + inner + "]";
      case 2 -> "dict[int, " + inner + "]";
      case 3 -> "tuple[" + inner + ", " + other + "]";
      case 4 -> "tuple[" + inner + ", ...]";
      case 5 -> "optional[" + inner + "]";
      case 6 -> "set[int]";
      default -> "union[" + inner + ", " + other + "]";
    };
  }

  /** A value that has a fair chance to be taken. */
  private static JsonNode shaped(PythonType type, RandomJson random) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (type) {
      case PythonType.ListOf(var element) -> nodes.arrayNode().add(shaped(element, random));
      case PythonType.TupleOfAny(var element) -> nodes.arrayNode().add(shaped(element, random));
      case PythonType.SetOf(var element) -> nodes.arrayNode().add(3).add(1).add("2");
      case PythonType.TupleOf(var elements) -> {
        var array = nodes.arrayNode();
        elements.forEach(element -> array.add(shaped(element, random)));
        yield array;
      }
      case PythonType.DictOf(var key, var value) -> {
        var object = nodes.objectNode();
        object.set(key == Plain.INT ? "1" : "a", shaped(value, random));
        if (random.random().nextBoolean()) {
          object.set("01", shaped(value, random));
        }
        yield object;
      }
      case PythonType.OptionalOf(var inner) -> shaped(inner, random);
      case PythonType.UnionOf(var choices) ->
          shaped(choices.get(random.random().nextInt(choices.size())), random);
      case Model model -> {
        var object = nodes.objectNode();
        object.set("a", random.value(0));
        if (random.random().nextBoolean()) {
          object.set("n", random.value(0));
        }
        if (random.random().nextBoolean()) {
          object.set("b", random.value(0));
        }
        yield object;
      }
      case PythonType.LiteralOf(var values) -> values.getFirst();
      case PythonType.EnumOf(var name, var members) -> nodes.stringNode("b");
      case Plain plain -> random.value(0);
    };
  }
}
