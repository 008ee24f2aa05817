package org.axonometer.cli;

import java.io.PrintWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** The choice of one JSON object on stdout instead of text. */
final class JsonFlag {
  @Option(
      names = {"--json-output", "--json"},
      description = "Print one JSON object instead of text.")
  private boolean json;

  boolean chosen() {
    return json;
  }

  static void print(PrintWriter out, Map<String, ? extends @Nullable Object> object) {
    out.println(JsonMapper.shared().writeValueAsString(object));
  }
}
