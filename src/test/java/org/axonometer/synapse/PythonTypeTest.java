package org.axonometer.synapse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.axonometer.synapse.PythonType.Model;
import org.axonometer.synapse.PythonType.Plain;
import org.axonometer.synapse.SynapseType.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PythonTypeTest {
  private static final Map<String, Model> MODELS =
      Map.of(
          "Message",
          new Model(
              "Message",
              List.of(
                  new Field("role", Plain.STR, false, json("\"user\"")),
                  new Field("content", Plain.STR, true, null))));

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "str; str",
        "Any; any",
        "list; list[any]",
        "dict; dict[str, any]",
        "tuple; tuple[any, ...]",
        "List[int]; list[int]",
        "Dict[str, Any]; dict[str, any]",
        "Dict[int,List[float]]; dict[int, list[float]]",
        "Optional[int]; optional[int]",
        "typing.Optional[typing.List[str]]; optional[list[str]]",
        "int | None; optional[int]",
        "int|str|None; optional[union[int, str]]",
        "Union[int, str]; union[int, str]",
        "Union[int, None]; optional[int]",
        "Union[int, Union[str, float]]; union[int, str, float]",
        "Optional[Union[int, str]]; optional[union[int, str]]",
        "Tuple[int, int]; tuple[int, int]",
        "tuple[int, ...]; tuple[int, ...]",
        "tuple[()]; tuple[()]",
        "Set[int]; set[int]",
        "Decimal; decimal",
        "Literal['a', \"b\", -3, True, None]; literal['a', 'b', -3, True, None]",
        "enum[Colour, red='r', blue=2]; enum[Colour, red='r', blue=2]",
        "list[Message]; list[Message]",
        " list [ int ] ; list[int]",
      })
  void readsTypesAsJobFilesAndPythonWriteThem(String text, String printed) {
    PythonType type = PythonType.parse(text, MODELS);
    assertThat(type).hasToString(printed);
    assertThat(PythonType.parse(printed, MODELS)).isEqualTo(type);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "string",
        "list[",
        "list[]",
        "list[int",
        "list[int]]",
        "list[int, int]",
        "dict[str]",
        "dict[float, int]",
        "optional",
        "union[]",
        "None",
        "set",
        "set[any]",
        "literal[1.5]",
        "literal[x]",
        "enum[E]",
        "int str",
        "int;",
        "bytes",
        "Unknown",
        "tuple[...]",
        "list[int]\u00a0",
      })
  void refusesOtherTextAndSaysWhatIsAllowed(String text) {
    assertThatThrownBy(() -> PythonType.parse(text, MODELS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("type \"" + text + "\": ")
        .hasMessageContaining("write str, int")
        .hasMessageContaining("Message");
  }

  @Test
  void refusesTextThatIsTooLongOrTooDeep() {
    assertThatThrownBy(() -> PythonType.parse("a".repeat(100_000), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("100000 characters");
    assertThatThrownBy(() -> PythonType.parse("list[".repeat(300), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("deeper than 32");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "int; \" 1_000 \"; 1000",
        "int; \"+5.00\"; 5",
        "int; -0.0; 0",
        "int; 1e18; 1000000000000000000",
        "float; 5; 5.0",
        "float; \"1_000.5\"; 1000.5",
        "float; \"-Infinity\"; -inf",
        "float; \".5\"; 0.5",
        "bool; 1.0; True",
        "bool; \"OFF\"; False",
        "any; 5.0; 5.0",
        "list[float]; [1, \"2\", true]; [1.0, 2.0, 1.0]",
        "dict[int, str]; {\"1\": \"a\", \"01\": \"b\"}; {1: 'b'}",
        "tuple[int, str]; [1, \"a\"]; (1, 'a')",
        "tuple[int, ...]; [1]; (1,)",
        "set[int]; [3, 1, \"2\", 3]; {1, 2, 3}",
        "union[int, str]; \"5\"; 5",
        "list[union[int, str]]; [\"5\", 5]; ['5', 5]",
        "union[bool, int]; 1; 1",
        "union[list[int], list[str]]; [\"1\"]; ['1']",
        "literal[1, 'a']; 1.0; 1",
        "decimal; 1e16; 1E+16",
        "decimal; \"-0.0\"; -0.0",
        "datetime; \"2024-01-02T03:04:05.5+0130\"; 2024-01-02 03:04:05.500000+01:30",
        "datetime; 1700000000123; 2023-11-14 22:13:20.123000+00:00",
        "Message; {\"content\": \"hi\", \"x\": 1}; {'role': 'user', 'content': 'hi'}",
      })
  void takesWhatPydanticTakes(String type, String json, String printed) {
    PythonType read = PythonType.parse(type, MODELS);
    Object value = read.coerce(json(json));
    assertThat(PythonText.str(value)).isEqualTo(printed);
    if (!printed.contains("inf")) {
      assertThat(read.coerce(read.toJson(json(json)))).isEqualTo(value);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "str; 5",
        "str; null",
        "int; 5.5",
        "int; 9.3e18",
        "int; \"1__0\"",
        "int; \"\"",
        "int; null",
        "int; [1]",
        "float; \"0x1p3\"",
        "float; \"1d\"",
        "float; \"NaNs\"",
        "bool; 2",
        "bool; \" yes\"",
        "list[int]; {\"a\": 1}",
        "list[int]; [null]",
        "dict[int, str]; {\"a\": \"b\"}",
        "dict[str, any]; []",
        "tuple[int, int]; [1]",
        "tuple[int, int]; [1, 2, 3]",
        "optional[int]; \"x\"",
        "union[int, str]; 5.5",
        "literal['a']; \"b\"",
        "enum[E1, a='x']; \"a\"",
        "decimal; true",
        "decimal; \"nan\"",
        "decimal; \"1e99999999999\"",
        "datetime; \"2024-02-30\"",
        "datetime; true",
        "Message; {\"role\": \"x\"}",
        "Message; []",
      })
  void refusesWhatPydanticRefuses(String type, String json) {
    assertThatThrownBy(() -> PythonType.parse(type, MODELS).coerce(json(json)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(" is not " + PythonType.parse(type, MODELS));
  }

  @Test
  void namesTheInnermostFaultAndShortensTheValue() {
    PythonType type = PythonType.parse("dict[str, list[int]]", Map.of());
    assertThatThrownBy(() -> type.coerce(json("{\"a\": [1, \"x\"]}")))
        .hasMessage("{\"a\":[1,\"x\"]} is not dict[str, list[int]]: \"x\" is not int");
    assertThatThrownBy(() -> Plain.INT.coerce(json("\"" + "y".repeat(5_000) + "\"")))
        .message()
        .hasSizeLessThan(120)
        .contains("5002 characters");
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }
}
