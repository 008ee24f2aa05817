package org.axonometer.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.axonometer.testing.SharedFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The forms whose key takes seconds and up to 512 MiB to derive, with all of that. */
class WalletEncryptionIT {

  @TempDir private Path temp;

  @SuppressWarnings("NullAway.Init") // set before each test
  private WalletDirectory wallets;

  @BeforeEach
  void makeFolder() {
    wallets = new WalletDirectory(temp.resolve("wallets"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nacl", "fernet"})
  void opensWhatTheRealWalletsWroteAndRefusesAWrongPassword(String form) throws IOException {
    EncryptedHotkeys.write(wallets, "default", EncryptedHotkeys.recorded(form));
    assertThat(
            wallets
                .open("default", "default", EncryptedHotkeys.keyring(EncryptedHotkeys.PASSWORD))
                .address())
        .isEqualTo(EncryptedHotkeys.ADDRESS);
    assertThatThrownBy(
            () -> wallets.open("default", "default", EncryptedHotkeys.keyring("correct horse o")))
        .isInstanceOf(WalletException.class)
        .hasMessageContaining("the password does not open it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nacl", "fernet"})
  void refusesOneFlippedBit(String form) throws IOException {
    byte[] changed = EncryptedHotkeys.recorded(form);
    changed[changed.length / 2] ^= 1;
    EncryptedHotkeys.write(wallets, "default", changed);
    assertThatThrownBy(
            () ->
                wallets.open(
                    "default", "default", EncryptedHotkeys.keyring(EncryptedHotkeys.PASSWORD)))
        .isInstanceOf(WalletException.class)
        .hasMessageContaining("is encrypted");
  }

  @Test
  void opensTheRecordedFileInAllItsForms() throws IOException {
    JsonNode vectors =
        new ObjectMapper().readTree(SharedFolder.file("vectors/wallet.json").toFile());
    Keyring keyring = EncryptedHotkeys.keyring(vectors.get("password").asString());
    EncryptedHotkeys.write(wallets, "plain", bytes(vectors.get("keyfile_plain")));
    EncryptedHotkeys.write(
        wallets, "nacl", Base64.getDecoder().decode(vectors.get("keyfile_nacl_base64").asString()));
    EncryptedHotkeys.write(wallets, "vault", bytes(vectors.get("keyfile_ansible_vault")));
    EncryptedHotkeys.write(wallets, "fernet", bytes(vectors.get("keyfile_fernet")));
    for (String form : new String[] {"plain", "nacl", "vault", "fernet"}) {
      assertThat(wallets.open("default", form, keyring).address())
          .as(form)
          .hasToString(vectors.get("keys").get(0).get("ss58_42").asString());
    }
  }

  @Test
  void opensWhatItEncrypted() throws IOException {
    Hotkey hotkey = Hotkey.generate();
    Path file;
    try (KeyPassword password = KeyPassword.of("a new password".toCharArray())) {
      file = wallets.create("default", "default", hotkey, Optional.of(password));
    }
    assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
        .startsWith("$NACL")
        .doesNotContain("secretSeed");
    HotkeyFile shown =
        wallets.describe("default", "default", EncryptedHotkeys.keyring("a new password"));
    assertThat(shown.address()).isEqualTo(hotkey.address());
    assertThat(shown.encryption()).contains(Encryption.NACL);
    assertThat(shown.mode()).isEqualTo("rw-------");
  }

  private static byte[] bytes(JsonNode text) {
    return text.asString().getBytes(StandardCharsets.US_ASCII);
  }
}
