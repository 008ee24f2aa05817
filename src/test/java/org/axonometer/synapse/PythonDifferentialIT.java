package org.axonometer.synapse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.axonometer.synapse.PythonValue.Bytes;
import org.axonometer.synapse.PythonValue.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Our {@code str}, {@code repr} and JSON beside those of the machine's own CPython, over seeded
 * random values. Another seed: {@code -Daxonometer.seed=7}.
 */
class PythonDifferentialIT {
  private static final int VALUES = 120_000;
  private static final int DIFFERENCES_SHOWN = 10;
  private static final long SEED = Long.getLong("axonometer.seed", 20_261_123L);
  private static final JsonMapper LIKE_PYTHON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNumberLength(2_000).build())
                  .build())
          .build();

  /** Answers a value and our JSON of it with str, repr, json.dumps and the repr of our JSON. */
  private static final String SCRIPT =
      """
      import json, struct, sys

      def built(tagged):
          kind, rest = tagged[0], tagged[1:]
          if kind == "none":
              return None
          if kind == "bool":
              return rest[0] == 1
          if kind == "int":
              return int(rest[0])
          if kind == "float":
              return struct.unpack(">d", bytes.fromhex(rest[0]))[0]
          if kind == "str":
              return text(rest[0])
          if kind == "bytes":
              return text(rest[0]).encode("latin-1")
          elements = [built(element) for element in rest]
          if kind == "list":
              return elements
          if kind == "tuple":
              return tuple(elements)
          return dict(zip(elements[::2], elements[1::2]))

      def text(hexadecimal):
          return bytes.fromhex(hexadecimal).decode("utf-16-be", "surrogatepass")

      for line in open(sys.argv[1]):
          tagged, ours = json.loads(line)
          value = built(tagged)
          try:
              dumped = json.dumps(value)
          except TypeError:
              dumped = None
          read = None if ours is None else repr(json.loads(ours))
          print(json.dumps([str(value), repr(value), dumped, read]))
      """;

  @TempDir Path folder;

  @Test
  void printsRandomValuesAsThisMachinesPythonDoes() {
    PythonProcess.requireRuns("import sys; assert sys.version_info >= (3, 9)");
    RandomPython random = new RandomPython(SEED);
    List<Object> values = Stream.generate(() -> random.value(3)).limit(VALUES).toList();
    List<String> lines =
        values.stream()
            .map(value -> "[" + RandomPython.tagged(value) + "," + quotedJson(value) + "]")
            .toList();

    List<String> answers = PythonProcess.answers(folder, SCRIPT, lines);

    assertThat(answers).hasSize(VALUES);
    List<String> differences = new ArrayList<>();
    int withJson = 0;
    for (int i = 0; i < VALUES; i++) {
      Object value = values.get(i);
      JsonNode python = LIKE_PYTHON.readTree(answers.get(i));
      compare(differences, lines.get(i), "str", PythonText.str(value), python.get(0));
      compare(differences, lines.get(i), "repr", PythonText.repr(value), python.get(1));
      if (!python.get(2).isNull()) {
        withJson++;
        Object dumped = PythonValue.of(LIKE_PYTHON.readTree(python.get(2).stringValue()));
        String expected = PythonText.repr(throughJson(value));
        compare(
            differences, lines.get(i), "json.dumps, read here", PythonText.repr(dumped), expected);
        if (!python.get(3).isNull()) {
          compare(differences, lines.get(i), "our JSON, read there", expected, python.get(3));
        }
      }
    }
    assertThat(differences.stream().limit(DIFFERENCES_SHOWN))
        .as("seed %d, %d differences, the first of them", SEED, differences.size())
        .isEmpty();
    assertThat(withJson).isGreaterThan(VALUES / 2);
    System.out.printf(
        "%s: seed %d, %d values, %d of them as JSON too: no difference%n",
        getClass().getSimpleName(), SEED, VALUES, withJson);
  }

  private static void compare(
      List<String> differences, String line, String what, String ours, JsonNode theirs) {
    compare(differences, line, what, ours, theirs.stringValue());
  }

  private static void compare(
      List<String> differences, String line, String what, String ours, String theirs) {
    if (!ours.equals(theirs)) {
      differences.add(
          "%s: ours %s, Python's %s, of %s"
              .formatted(what, PythonJson.text(ours), PythonJson.text(theirs), line));
    }
  }

  /** Our JSON of it as a JSON string; null where JSON has none. */
  private static String quotedJson(Object value) {
    try {
      return PythonJson.text(PythonJson.text(PythonJson.of(value)));
    } catch (IllegalArgumentException noJson) {
      return "null";
    }
  }

  /** What a value is after a trip through JSON: tuples are lists, keys are text. */
  private static Object throughJson(Object value) {
    return switch (value) {
      case Collection<?> elements -> elements.stream().map(e -> throughJson((Object) e)).toList();
      case Tuple tuple -> throughJson(tuple.elements());
      case Map<?, ?> items -> {
        Map<Object, Object> read = new LinkedHashMap<>();
        items.forEach((key, item) -> read.put(PythonText.str(key), throughJson((Object) item)));
        yield read;
      }
      case Bytes bytes -> throw new IllegalStateException("Python dumped bytes");
      default -> value;
    };
  }
}
