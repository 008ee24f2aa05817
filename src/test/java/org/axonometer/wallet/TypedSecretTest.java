package org.axonometer.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.axonometer.testing.SharedFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class TypedSecretTest {

  private static final String PHRASE =
      "old leopard transfer rib spatial phone calm indicate online fire caution review";
  private static final String ADDRESS = "5HDvhV6WDCjCKyrXqGQSDYqQAzkzabNhctmiDYEqgBC66BsX";
  private static final String SEED =
      "da3cf5b1e9144931a0f0db65664aab662673b099415a7f8121b7245fb0be4143";

  @TempDir private Path temp;

  @ParameterizedTest
  @ValueSource(
      strings = {
        PHRASE,
        "  " + PHRASE + "\r\n",
        "OLD Leopard\ttransfer  rib spatial phone calm\nindicate online fire caution review",
        SEED,
        "0x" + SEED + "\n"
      })
  void makesTheHotkeyOfAPhraseOrASeed(String text) {
    assertThat(TypedSecret.hotkey("test", text.toCharArray()).address()).hasToString(ADDRESS);
  }

  @Test
  void derivesTheRecordedSeedsAsSubstrateDoes() throws IOException {
    JsonNode vectors =
        new ObjectMapper().readTree(SharedFolder.file("vectors/wallet.json").toFile());
    for (JsonNode key : vectors.get("keys")) {
      Hotkey hotkey = TypedSecret.hotkey("test", key.get("mnemonic").asString().toCharArray());
      assertThat(hotkey.address()).hasToString(key.get("ss58_42").asString());
      assertThat(hotkey.copyOfSeed().orElseThrow())
          .asHexString()
          .isEqualToIgnoringCase(key.get("secretSeed").asString().substring(2));
    }
  }

  /** Addresses of bittensor-wallet 4.1.1 for a phrase of every length. */
  @ParameterizedTest
  @CsvSource({
    "bone mean blade shine congress guitar hurt cage sun source basket hire, 5EkNkgZPUE3cyDBFxHzdf5BdjNURjBKWTXPnyg3WTAJMK3oC",
    "quit paper lottery govern misery visa defense celery dial dynamic hat decline about memory cage, 5EFhWF8mGVXGq4c1wXK3gMkD73vhiDu4CXaiLzG7baDChNX9",
    "cigar rigid erosion blossom discover sugar kingdom inform orange north define payment friend kick caught like general gloom, 5Dez9CmDPDTekHj2vd6K3FZ4HAvBjJ5aiCagQ3bd6gZocVt9",
    "mushroom teach leg fantasy dinner puppy health huge cloud knife nuclear erupt fog comic announce inside very diary brush quit kidney, 5HQaeUSx7wvRXJm7BR4h1EFoodnQG8UD1N3w1XS9NdiBDxk8",
    "submit evolve action orphan immune toward test aware huge patch other little tell fabric way brisk stool unable lava chest place lamp hollow bronze, 5EbwVwufjG2z8fdw43tMNL1nAvfRvkWPJ5ScfSXvFULKRL9D"
  })
  void derivesEveryLengthAsTheWalletDoes(String phrase, String address) {
    assertThat(TypedSecret.hotkey("test", phrase.toCharArray()).address()).hasToString(address);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nothing          | '  '                                     | is empty; give a secret phrase or a seed
          one word         | leopard                                  | has a seed that is not 0x and 64 hexadecimal digits
          short seed       | 0xda3cf5b1                               | has a seed that is not 0x and 64 hexadecimal digits
          eleven words     | old leopard transfer rib spatial phone calm indicate online fire caution | a secret phrase of 11 words
          twenty-five      | old old old old old old old old old old old old old old old old old old old old old old old old old | a secret phrase of 25 words
          unknown word     | old leopardo transfer rib spatial phone calm indicate online fire caution review | word 2 is not in the English
          prefix of a word | old leopard trans rib spatial phone calm indicate online fire caution review | word 3 is not in the English
          wrong checksum   | leopard old transfer rib spatial phone calm indicate online fire caution review | wrong checksum
          """)
  void refusesWhatIsNoPhraseAndNoSeedWithoutRepeatingIt(String what, String text, String why) {
    assertThatThrownBy(() -> TypedSecret.hotkey("here", text.toCharArray()))
        .isInstanceOf(WalletException.class)
        .hasMessageStartingWith("here: ")
        .hasMessageContaining(why)
        .hasMessageNotContainingAny("leopard", "trans ", "da3cf5b1");
  }

  @Test
  void readsAFileOnlyItsOwnerMayRead() throws IOException {
    Path file =
        EncryptedHotkeys.privateFile(
            temp.resolve("phrase"), (PHRASE + "\n").getBytes(StandardCharsets.US_ASCII));
    assertThat(TypedSecret.hotkey(file).address()).hasToString(ADDRESS);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> TypedSecret.hotkey(file))
        .isInstanceOf(WalletException.class)
        .hasMessageContaining("other users may read or change this secret file (mode 0644)");
  }
}
