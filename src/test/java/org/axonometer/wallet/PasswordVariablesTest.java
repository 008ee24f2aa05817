package org.axonometer.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.axonometer.testing.SharedFolder;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class PasswordVariablesTest {

  private static final Path FILE = Path.of("/home/alice/.bittensor/wallets/default/hotkeys/my-key");
  private static final String NAME = "BT_PW__HOME_ALICE__BITTENSOR_WALLETS_DEFAULT_HOTKEYS_MY-KEY";

  @Test
  void readsTheRecordedVariable() throws IOException {
    JsonNode env =
        new ObjectMapper().readTree(SharedFolder.file("vectors/wallet.json").toFile()).get("env");
    assertThat(PasswordVariables.nameFor(Path.of(env.get("path").asString())))
        .isEqualTo(env.get("name").asString());
    assertThat(
            read(
                Path.of(env.get("path").asString()),
                Map.of(env.get("name").asString(), env.get("value").asString())))
        .isEqualTo(env.get("value_decodes_to").asString());
  }

  @Test
  void namesTheVariableAsTheWalletDoes() {
    assertThat(PasswordVariables.nameFor(FILE)).isEqualTo(NAME);
  }

  @Test
  void prefersTheNewerVariable() {
    // "pw" XOR "BT"
    assertThat(read(FILE, Map.of(NAME, "MiM=", "BT_COLD_PW_HOTKEYS", "plain"))).isEqualTo("pw");
    assertThat(read(FILE, Map.of("BT_COLD_PW_HOTKEYS", "plain"))).isEqualTo("plain");
  }

  @Test
  void takesNoColdkeysPassword() {
    PasswordSource source =
        PasswordSource.variables(
            Map.of(
                "BT_COLD_PW_DEFAULT",
                "coldkey's",
                "BT_COLD_PW_MY_KEY",
                "no",
                "BT_COLD_PW_TEAM-HOTKEYS",
                "another wallet's coldkey's",
                "bt_cold_pw_hotkeys",
                "no"));
    assertThat(source.passwordOf(FILE)).isEmpty();
  }

  @Test
  void refusesAVariableThatIsNotBase64WithoutRepeatingIt() {
    PasswordSource source = PasswordSource.variables(Map.of(NAME, "hunter2!"));
    assertThatThrownBy(() -> source.passwordOf(FILE))
        .isInstanceOf(WalletException.class)
        .hasMessageStartingWith("variable " + NAME + ": is not Base64")
        .hasMessageNotContaining("hunter2");
  }

  private static String read(Path file, Map<String, String> variables) {
    try (KeyPassword password =
        PasswordSource.variables(variables).passwordOf(file).orElseThrow()) {
      return new String(password.utf8(), StandardCharsets.UTF_8);
    }
  }
}
