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
        "Enum[str, Colour, red='r']; enum[Colour, red='r']",
        "enum[int, Level, low=1]; enum[int, Level, low=1]",
        "IntEnum[Level, low=1]; intenum[Level, low=1]",
        "StrEnum[Colour, red='r']; strenum[Colour, red='r']",
        "set; set[any]",
        "frozenset; frozenset[any]",
        "FrozenSet[int]; frozenset[int]",
        "Set[Any]; set[any]",
        "UUID; uuid",
        "Dict[float, date]; dict[float, date]",
        "dict[uuid, bytes]; dict[uuid, bytes]",
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
        "dict[list[int], int]",
        "dict[optional[str], int]",
        "optional",
        "union[]",
        "None",
        "set[]",
        "set[list[int]]",
        "enum[E, a=1, b]",
        "enum[float, E, a=1]",
        "enum[int, E, a='1']",
        "intenum[E, a='1']",
        "strenum[E, a=1]",
        "intenum[int, E, a=1]",
        "literal[1.5]",
        "literal[x]",
        "enum[E]",
        "int str",
        "int;",
        "bytearray",
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
        "datetime; 32503680000123; 3000-01-01 00:00:00.123000+00:00",
        "datetime; \"32503680000123\"; 3000-01-01 00:00:00.123000+00:00",
        "datetime; 253402300799999; 9999-12-31 23:59:59.999000+00:00",
        "datetime; -1704153600123; 1915-12-31 23:59:59.877000+00:00",
        "datetime; -20000000000; 1336-03-23 12:26:40+00:00",
        "datetime; -1.25; 1969-12-31 23:59:58.750000+00:00",
        "datetime; \"-1.25\"; 1969-12-31 23:59:58.750000+00:00",
        "datetime; 20000000000.5; 1970-08-20 11:33:20.000500+00:00",
        "datetime; \"2024-01-02T03:04:05+23:59\"; 2024-01-02 03:04:05+23:59",
        "datetime; \"2024-01-02T03:04:05-23:59\"; 2024-01-02 03:04:05-23:59",
        "datetime; \"2024-01-02T03:04:05−01:30\"; 2024-01-02 03:04:05-01:30",
        "datetime; \"2024-01-02T03:04:05-00:00\"; 2024-01-02 03:04:05+00:00",
        "list[datetime]; [\"2024-01-02T03:04\"]; [datetime.datetime(2024, 1, 2, 3, 4)]",
        "list[datetime]; [\"2024-01-02T03:04:05\"]; [datetime.datetime(2024, 1, 2, 3, 4, 5)]",
        "list[datetime]; [\"2024-01-02T03:04:00.5\"]; [datetime.datetime(2024, 1, 2, 3, 4, 0,"
            + " 500000)]",
        "date; \"2024-01-02\"; 2024-01-02",
        "date; 86400; 1970-01-02",
        "date; \"2024-01-02T00:00+02:00\"; 2024-01-02",
        "list[date]; [\"2024-01-02\"]; [datetime.date(2024, 1, 2)]",
        "uuid; \"ABCDEF78123456781234567812345678\"; abcdef78-1234-5678-1234-567812345678",
        "uuid; \"urn:uuid:00000000-0000-5678-1234-567812345678\";"
            + " 00000000-0000-5678-1234-567812345678",
        "list[uuid]; [\"{00000000-0000-5678-9234-567812345678}\"];"
            + " [UUID('00000000-0000-5678-9234-567812345678')]",
        "bytes; \"a'\u00e9\"; b\"a'\\xc3\\xa9\"",
        "frozenset[int]; [3, 1]; frozenset({1, 3})",
        "frozenset; []; frozenset()",
        "set; [1, true, 1.0]; {1}",
        "set[bool]; [true, 0]; {False, True}",
        "set[float]; [3, 1.0, 2]; {1.0, 2.0, 3.0}",
        "set[int]; [8, 1, 16, -1, 9]; {1, 8, 9, 16, -1}",
        "dict[float, int]; {\"1\": 1, \"1.0\": 2, \"01\": 3}; {1.0: 3}",
        "dict[bool, int]; {\"true\": 1, \"false\": 2, \"1\": 3}; {True: 3, False: 2}",
        "dict[decimal, int]; {\"1.5\": 1, \"1.50\": 2}; {Decimal('1.5'): 2}",
        "dict[date, int]; {\"2024-01-02\": 1}; {datetime.date(2024, 1, 2): 1}",
        "dict[bytes, int]; {\"a\": 1}; {b'a': 1}",
        "enum[Level, low=1]; 1.0; Level.low",
        "enum[int, Level, low=1]; \" 1 \"; Level.low",
        "intenum[Level, low=1]; \"1\"; 1",
        "intenum[Level, low=1]; true; 1",
        "list[intenum[Level, low=1]]; [1]; [<Level.low: 1>]",
        "strenum[Colour, red='r']; \"r\"; r",
        "list[strenum[Colour, red='r']]; [\"r\"]; [<Colour.red: 'r'>]",
        "optional[intenum[Level, low=1]]; null; None",
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
        "enum[Level, low=1]; \"1\"",
        "intenum[Level, low=1]; \"x\"",
        "intenum[Level, low=1]; 1.5",
        "intenum[Level, low=1]; 2",
        "strenum[Colour, red='1']; 1",
        "uuid; \"12345678-1234-5678-1234-56781234567\"",
        "uuid; \"{12345678-1234-5678-1234-567812345678\"",
        "uuid; \"{urn:uuid:12345678-1234-5678-1234-567812345678}\"",
        "uuid; 5",
        "bytes; 5",
        "bytes; \"\\ud800\"",
        "date; \"2024-01-02T00:00:01\"",
        "date; 1",
        "date; true",
        "set; [[1]]",
        "set; [{\"a\": 1}]",
        "dict[float, int]; {\"a\": 1}",
        "datetime; \"2024-01-02T03:04:05+24:00\"",
        "datetime; 1704153600123456",
        "datetime; 100000000000000000000",
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
  void refusesEndlessDigitsAtOnce() {
    assertThatThrownBy(() -> Plain.INT.coerce(json("\"" + "1_".repeat(500_000) + "1\"")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not int");
    assertThatThrownBy(() -> Plain.DECIMAL.coerce(json("\"" + "1".repeat(1_000_000) + "\"")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not decimal");
    assertThat(Plain.FLOAT.coerce(json("\"" + "1".repeat(1_000_000) + "\"")))
        .isEqualTo(Double.POSITIVE_INFINITY);
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
