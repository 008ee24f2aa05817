package org.axonometer.scoring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void before() throws IOException {
    file = Files.writeString(folder.resolve("inputs.csv"), "before");
  }

  private static void write(Path file, String text) throws IOException {
    WholeFile.write(file, out -> out.write(text.getBytes(UTF_8)));
  }

  @Test
  void replacesWhatWasThereForTheOwnersEyes() throws IOException {
    write(file, "after");
    assertThat(file).hasContent("after");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void leavesWhatWasThereAndNothingElseWhenItsContentFails() {
    assertThatThrownBy(
            () ->
                WholeFile.write(
                    file,
                    out -> {
                      out.write(1);
                      throw new IOException("no more");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("no more");
    assertThat(file).hasContent("before");
    assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void leavesALinkALinkAndADeviceADevice() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    write(link, "through the link");
    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("through the link");
    Path nowhere = Path.of("/dev/null");
    write(nowhere, "gone");
    assertThat(Files.isRegularFile(nowhere)).isFalse();
  }

  @Test
  void writesANewFile() throws IOException {
    write(folder.resolve("new.csv"), "new");
    assertThat(folder.resolve("new.csv")).hasContent("new");
  }
}
