package org.axonometer.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes a key file from a process whose umask hides nothing. */
class WalletUmaskIT {

  @TempDir private Path temp;

  @Test
  void writesPrivateFilesAndFoldersUnderUmaskZero() throws IOException, InterruptedException {
    Path root = temp.resolve("wallets");
    List<String> command =
        List.of(
            "sh",
            "-c",
            "umask 000; exec \"$0\" \"$@\"",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            CreateHotkey.class.getName(),
            root.toString());
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    Path file = root.resolve("park/hotkeys/validator");
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(mode(root.resolve("park/hotkeys"))).isEqualTo("rwx------");
    assertThat(mode(root.resolve("park"))).isEqualTo("rwx------");
    assertThat(mode(root)).isEqualTo("rwx------");
    assertThat(Files.isDirectory(root.resolve("open"))).isTrue();
    assertThat(mode(root.resolve("open"))).as("the umask was zero").isEqualTo("rwxrwxrwx");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  /** The other process: writes one hotkey and makes one folder as the umask has it. */
  static final class CreateHotkey {
    private CreateHotkey() {}

    public static void main(String[] arguments) throws IOException {
      Path root = Path.of(arguments[0]);
      new WalletDirectory(root).create("park", "validator", Hotkey.generate());
      Files.createDirectory(root.resolve("open"));
    }
  }
}
