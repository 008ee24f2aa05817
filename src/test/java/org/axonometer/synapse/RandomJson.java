package org.axonometer.synapse;

import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Seeded JSON values that reach the corners of Python's printing and pydantic's conversions. */
final class RandomJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final List<String> SCALARS =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "1",
          "2",
          "-1",
          "5",
          "0.0",
          "-0.0",
          "1.0",
          "5.0",
          "5.5",
          "1e16",
          "1e-5",
          "9007199254740993",
          "18446744073709551615",
          "-9223372036854775808",
          "9.3e18",
          "\"\"",
          "\"5\"",
          "\" 5 \"",
          "\"5.0\"",
          "\"5.5\"",
          "\"1_000\"",
          "\"1__0\"",
          "\"+5\"",
          "\"-0\"",
          "\"007\"",
          "\"1e3\"",
          "\".5\"",
          "\"5.\"",
          "\"nan\"",
          "\"-inf\"",
          "\"Infinity\"",
          "\"true\"",
          "\"Yes\"",
          "\"off\"",
          "\"1\"",
          "\"0\"",
          "\"a\"",
          "\"b\"",
          "\"1.10\"",
          "\"0e-10\"",
          "86400",
          "1704153600123",
          "32503680000123",
          "-1.25",
          "20000000001.25",
          "1704153600.1234567",
          "\"-1.25\"",
          "\"32503680000123\"",
          "\"2024-01-02\"",
          "\"2024-01-02T00:00Z\"",
          "\"2024-01-02 03:04:05.5\"",
          "\"2024-01-02T03:04:05-23:59\"",
          "\"2024-01-02T03:04:05\u221201:30\"",
          "\"12345678123456789234567812345678\"",
          "\"{12345678-1234-5678-9234-567812345678}\"",
          "\"1_\"");
  private static final List<String> KEYS =
      List.of("a", "b", "content", "role", "n", "1", "2", "01", "it's", "\ud83d\ude00\u200d");

  private final Random random;

  RandomJson(long seed) {
    random = new Random(seed);
  }

  Random random() {
    return random;
  }

  JsonNode value(int levels) {
    return switch (random.nextInt(levels > 0 ? 6 : 4)) {
      case 0 -> NODES.numberNode(randomDouble());
      case 1 -> NODES.stringNode(text());
      case 2, 3 -> JsonMapper.shared().readTree(SCALARS.get(random.nextInt(SCALARS.size())));
      case 4 -> {
        ArrayNode array = NODES.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(value(levels - 1));
        }
        yield array;
      }
      default -> {
        ObjectNode object = NODES.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          object.set(KEYS.get(random.nextInt(KEYS.size())), value(levels - 1));
        }
        yield object;
      }
    };
  }

  private double randomDouble() {
    double value =
        random.nextBoolean()
            ? Double.longBitsToDouble(random.nextLong())
            : random.nextInt(2_000_000) / 1_000.0;
    return Double.isFinite(value) ? value : 0.1;
  }

  /** Characters every Python from 3.9 on prints alike. */
  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      int point =
          switch (random.nextInt(4)) {
            case 0 -> random.nextInt(0x100);
            case 1 -> "'\"\\\t\n".charAt(random.nextInt(5));
            case 2 -> random.nextInt(0x3000);
            default -> random.nextInt(Character.MAX_CODE_POINT + 1);
          };
      String character = Character.toString(point);
      if (!PythonText.versionSensitive(character)) {
        text.append(character);
      }
    }
    return text.toString();
  }
}
