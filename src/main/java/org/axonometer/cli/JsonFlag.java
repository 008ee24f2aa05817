package org.axonometer.cli;

import java.io.PrintWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The choice of one JSON object on stdout instead of text. */
final class JsonFlag {
  @Option(
      names = {"--json-output", "--json"},
      description = "Print one JSON object instead of text.")
  private boolean json;

  boolean chosen() {
    return json;
  }

  /** In ASCII: no text of a stranger in it is a command to a terminal. */
  static void print(PrintWriter out, Map<String, ? extends @Nullable Object> object) {
    out.println(AsciiJson.MAPPER.writeValueAsString(object));
  }
}
