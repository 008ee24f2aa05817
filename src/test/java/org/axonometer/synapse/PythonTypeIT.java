package org.axonometer.synapse;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
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
          "enum[E1, a='a', b='b']",
          "enum[P1, a='a', one=1]",
          "enum[int, I1, one=1, five=5]",
          "intenum[I2, one=1, five=5]",
          "strenum[S1, a='a', five='5']",
          "datetime",
          "date",
          "uuid",
          "bytes");
  private static final List<String> KEYS =
      List.of("str", "int", "float", "bool", "decimal", "datetime", "date", "uuid", "bytes");
  private static final List<String> SETS =
      List.of("set[int]", "set[float]", "set[bool]", "set[any]", "frozenset[int]", "set[date]");
  private static final Pattern NEGATIVE_FRACTION = Pattern.compile("-[0-9]+(?:\\.|E-)");
  private static final Map<PythonType, List<String>> KEY_TEXTS =
      Map.of(
          Plain.STR, List.of("a", "01"),
          Plain.INT, List.of("1", "01", "5"),
          Plain.FLOAT, List.of("1", "1.0", "1e16", "-0.0", "0", "x"),
          Plain.BOOL, List.of("true", "off", "1", "x"),
          Plain.DECIMAL, List.of("1.50", "1.5", "1e3", "x"),
          Plain.DATETIME, List.of("2024-01-02T03:04", "2024-01-02T03:04:00"),
          Plain.DATE, List.of("2024-01-02", "1704153600", "x"),
          Plain.UUID, List.of("12345678123456789234567812345678", "x"),
          Plain.BYTES, List.of("\u00e9", "a"));
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
      import enum, json, sys, typing
      from datetime import date, datetime
      from decimal import Decimal
      from typing import Any, Dict, FrozenSet, List, Literal, Optional, Set, Tuple, Union
      from uuid import UUID
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

      class P1(enum.Enum):
          a = "a"
          one = 1

      class I1(int, enum.Enum):
          one = 1
          five = 5

      class I2(enum.IntEnum):
          one = 1
          five = 5

      class S1(str, enum.Enum):
          a = "a"
          five = "5"
          __str__ = str.__str__  # as StrEnum, which Python has since 3.11

      if sys.version_info < (3, 11):
          I2.__str__ = int.__repr__
      enums = {"enum[E1, a='a', b='b']": "E1", "enum[P1, a='a', one=1]": "P1",
               "enum[int, I1, one=1, five=5]": "I1", "intenum[I2, one=1, five=5]": "I2",
               "strenum[S1, a='a', five='5']": "S1"}
      names = dict(any=Any, dict=Dict, list=List, literal=Literal, optional=Optional, set=Set,
                   frozenset=FrozenSet, tuple=Tuple, union=Union, decimal=Decimal, uuid=UUID,
                   datetime=datetime, date=date, A=A, B=B, E1=E1, P1=P1, I1=I1, I2=I2, S1=S1)
      models = {}
      for line in open(sys.argv[1]):
          written, value = json.loads(line)
          for ours, theirs in enums.items():
              written = written.replace(ours, theirs)
          if written not in models:
              for forget in typing._cleanups:  # it takes Union[A, B] for Union[B, A]
                  forget()
              models[written] = create_model("M", x=(eval(written, dict(names)), ...))
          try:
              dumped = models[written](x=value).model_dump()
          except ValueError:
              print("refused")
              continue
          print(json.dumps(str(dumped["x"])))
      """;

  private record Case(PythonType type, JsonNode value) {}

  @TempDir Path folder;

  @Test
  void takesAndRefusesRandomValuesAsThisMachinesPydanticDoes() {
    PythonProcess.requireRuns(
        "import sys, pydantic; assert sys.version_info >= (3, 9) and pydantic.VERSION[0] == '2'");
    RandomJson random = new RandomJson(20_261_102);
    List<Case> cases = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (int t = 0; t < TYPES; t++) {
      PythonType type = PythonType.parse(type(random.random(), 2), MODELS);
      for (int v = 0; v < VALUES_PER_TYPE; v++) {
        JsonNode value = random.random().nextInt(4) == 0 ? random.value(2) : shaped(type, random);
        if (type.toString().contains("date")
            && NEGATIVE_FRACTION.matcher(value.toString()).find()) {
          continue; // read in another way by pydantic 2.13 and before
        }
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
        theirs = JsonMapper.shared().readTree(theirs).stringValue();
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
      case 2 -> "dict[" + KEYS.get(random.nextInt(KEYS.size())) + ", " + inner + "]";
      case 3 -> "tuple[" + inner + ", " + other + "]";
      case 4 -> "tuple[" + inner + ", ...]";
      case 5 -> "optional[" + inner + "]";
      case 6 -> SETS.get(random.nextInt(SETS.size()));
      default -> "union[" + inner + ", " + other + "]";
    };
  }

  /** Whole numbers of all sizes, many of which meet in a set's table. */
  private static JsonNode elements(PythonType element, Random random) {
    var array = JsonNodeFactory.instance.arrayNode();
    int size = random.nextInt(random.nextBoolean() ? 5 : 60);
    int bits = 1 + random.nextInt(63);
    for (int i = 0; i < size; i++) {
      long number = random.nextLong() >> bits;
      switch (element) {
        case Plain.BOOL -> array.add(number & 1);
        case Plain.DATE -> array.add((number & 7) * 86_400);
        case Plain.FLOAT -> array.add((double) number);
        default -> array.add(number);
      }
    }
    return array;
  }

  /** A value that has a fair chance to be taken. */
  private static JsonNode shaped(PythonType type, RandomJson random) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (type) {
      case PythonType.ListOf(var element) -> nodes.arrayNode().add(shaped(element, random));
      case PythonType.TupleOfAny(var element) -> nodes.arrayNode().add(shaped(element, random));
      case PythonType.SetOf(var element, var frozen) -> elements(element, random.random());
      case PythonType.TupleOf(var elements) -> {
        var array = nodes.arrayNode();
        elements.forEach(element -> array.add(shaped(element, random)));
        yield array;
      }
      case PythonType.DictOf(var key, var value) -> {
        var object = nodes.objectNode();
        List<String> texts = requireNonNull(KEY_TEXTS.get(key));
        for (String text : texts.subList(0, 1 + random.random().nextInt(texts.size()))) {
          object.set(text, shaped(value, random));
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
      case PythonType.EnumOf(var kind, var name, var members) ->
          List.copyOf(members.values()).get(random.random().nextInt(members.size()));
      case Plain plain -> random.value(0);
    };
  }
}
