package org.axonometer.metagraph;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The example in the documentation is a snapshot, in the very form we write. */
class SnapshotFormatDocTest {

  @Test
  void readsAndWritesTheDocumentedExample() throws Exception {
    String page = Files.readString(Path.of("docs/snapshot-format.md"));
    Matcher example = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL).matcher(page);
    assertThat(example.find()).isTrue();
    String json = example.group(1);

    MetagraphSnapshot snapshot =
        SnapshotReader.read(
            new GuardedBytes(new ByteArrayInputStream(json.getBytes(US_ASCII)), "example"),
            "example");
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    SnapshotWriter.write(snapshot, written);
    assertThat(written.toString(US_ASCII)).isEqualTo(json);
  }

  @Test
  void namesEveryKeyThatIsWritten() throws Exception {
    String page = Files.readString(Path.of("docs/snapshot-format.md"));
    String tables = page.substring(page.indexOf("## The subnet"), page.indexOf("## What is"));
    Matcher key = Pattern.compile("\"([a-z_]+)\":").matcher(page);
    while (key.find()) {
      String name = key.group(1);
      if (!name.equals("axon")) {
        assertThat(tables).containsAnyOf("`" + name + "`", "`axon." + name + "`");
      }
    }
  }
}
