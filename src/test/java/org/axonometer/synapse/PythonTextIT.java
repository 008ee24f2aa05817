package org.axonometer.synapse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class PythonTextIT {
  private static final int VALUES = 10_000;
  private static final String SCRIPT =
      """
      import base64, json, sys
      for line in open(sys.argv[1]):
          text = repr(json.loads(line)).encode("utf-8", "surrogatepass")
          print(base64.b64encode(text).decode())
      """;

  @TempDir Path folder;

  @Test
  void printsRandomValuesAsThisMachinesPythonDoes() {
    PythonProcess.assumeRuns("import sys; assert sys.version_info >= (3, 9)");
    RandomJson random = new RandomJson(20_261_101);
    List<JsonNode> values = Stream.generate(() -> random.value(3)).limit(VALUES).toList();
    List<String> answers =
        PythonProcess.answers(folder, SCRIPT, values.stream().map(PythonJson::text).toList());
    assertThat(answers).hasSize(VALUES);
    for (int i = 0; i < VALUES; i++) {
      byte[] python = Base64.getDecoder().decode(answers.get(i));
      assertThat(PythonText.repr(PythonValue.of(values.get(i))))
          .isEqualTo(new String(python, StandardCharsets.UTF_8));
    }
  }
}
