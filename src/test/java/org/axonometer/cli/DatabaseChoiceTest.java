package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.axonometer.history.PostgresLogin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseChoiceTest {
  private static final String FLAG = "postgresql://flag@localhost/h";
  private static final String VARIABLE = "postgresql://variable@localhost/h";
  private static final String FILE = "postgresql://file@localhost/h";

  @TempDir private Path home;

  private String chosen(@Nullable String flag, Map<String, String> variables) {
    return new DatabaseChoice(home, flag, null, variables)
        .postgres()
        .map(PostgresLogin::toString)
        .orElse("h2");
  }

  @Test
  void flagBeforeVariableBeforeFileBeforeH2() throws IOException {
    Map<String, String> variable = Map.of("AXONOMETER_DB", VARIABLE);
    assertThat(chosen(null, Map.of())).isEqualTo("h2");
    Files.writeString(home.resolve("database"), FILE + "\n");
    assertThat(chosen(null, Map.of())).contains("file@");
    assertThat(chosen(null, variable)).contains("variable@");
    assertThat(chosen(FLAG, variable)).contains("flag@");
    assertThat(chosen("h2", variable)).isEqualTo("h2");
    assertThatThrownBy(() -> chosen("mysql://x", variable))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("neither h2 nor postgresql://");
  }

  @Test
  void aPasswordFileIsForItsOwnerOnly() throws IOException {
    Path file = Files.writeString(home.resolve("database-password"), "hunter2\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> chosen(FLAG, Map.of()))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("chmod 600");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(chosen(FLAG, Map.of())).doesNotContain("hunter2");
    assertThatThrownBy(
            () ->
                chosen(FLAG, Map.of("AXONOMETER_DB_PASSWORD_FILE", home.resolve("no").toString())))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("there is no such password file");
  }

  /** What a wallet's password file is refused for. */
  @Test
  void aPasswordFileIsReadAsCarefullyAsAWallets() throws IOException {
    Path file = Files.writeString(home.resolve("database-password"), "hunter2\n");
    for (String shared : new String[] {"rw-r-----", "rw--w----", "rw----r--", "rw-----w-"}) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(shared));
      assertThatThrownBy(() -> chosen(FLAG, Map.of()))
          .as(shared)
          .isInstanceOf(CommandException.class)
          .hasMessageContaining("other users may read or change this password file");
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Path link = Files.createSymbolicLink(home.resolve("link"), file);
    assertThatThrownBy(() -> chosen(FLAG, Map.of("AXONOMETER_DB_PASSWORD_FILE", link.toString())))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("is a symbolic link");
    Files.writeString(file, "hunter2\nhunter3\n");
    assertThatThrownBy(() -> chosen(FLAG, Map.of()))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("more than one line")
        .hasMessageNotContaining("hunter");
  }
}
