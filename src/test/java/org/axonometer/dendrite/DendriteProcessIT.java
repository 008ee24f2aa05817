package org.axonometer.dendrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.axonometer.testing.CountedSockets;
import org.axonometer.testing.ScriptedAxon;
import org.axonometer.wallet.Hotkey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own can show: its sockets, and its variables. */
class DendriteProcessIT {

  @TempDir Path folder;

  /** Makes a dendrite and says how many sockets that took; with an address it asks there too. */
  static final class Making {
    private Making() {}

    public static void main(String[] args) throws Exception {
      HttpProperties.set();
      if (args.length == 0) {
        CountedSockets.countPlainSockets(); // which lets none be used
      }
      var client = new DendriteClient(Hotkey.generate());
      if (args.length > 0) {
        client.query(
            DendriteExample.axon(args[0], Integer.parseInt(args[1]), client.keypair().toString()));
      }
      System.out.println(client + " after " + CountedSockets.opened() + " sockets");
    }
  }

  /** All the process prints. */
  private String run(Map<String, String> variables, String... arguments)
      throws IOException, InterruptedException {
    Path out = folder.resolve("out.txt");
    List<String> command =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-ea:jdk.internal.net.http.ResponseContent",
                    "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                    "-Djava.nio.channels.spi.SelectorProvider=" + CountedSockets.class.getName(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Making.class.getName()),
                Stream.of(arguments))
            .toList();
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
    builder.environment().remove("BITTENSOR_DEBUG");
    builder.environment().putAll(variables);
    Process process = builder.start();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IllegalStateException("still running after two minutes");
    }
    return Files.readString(out, StandardCharsets.UTF_8);
  }

  @Test
  void makingOneContactsNobody() throws Exception {
    assertThat(run(Map.of())).containsPattern("dendrite\\(5\\w+\\) after 0 sockets");
    try (ScriptedAxon axon = ScriptedAxon.answering("{}")) {
      assertThat(run(Map.of(), "127.0.0.1", Integer.toString(axon.endpoint().port())))
          .as("a query is counted")
          .containsPattern("after [1-9] sockets");
    }
  }

  @Test
  void showsItsLinesWhenTheVariableSaysSo() throws Exception {
    try (ScriptedAxon axon = ScriptedAxon.answering("{}")) {
      String port = Integer.toString(axon.endpoint().port());

      assertThat(run(Map.of("BITTENSOR_DEBUG", "1"), "127.0.0.1", port))
          .containsPattern(
              "dendrite \\| --> \\| \\d+ B \\| Synapse \\| 5\\w+ \\| 127.0.0.1:" + port)
          .containsPattern("dendrite \\| <-- \\| 2 B \\| Synapse .* \\| 200 \\| Success");
      assertThat(run(Map.of("BITTENSOR_DEBUG", "0"), "127.0.0.1", port))
          .doesNotContain("-->", "<--");
    }
  }
}
