package org.axonometer.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.axonometer.sr25519.Sr25519;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every form, shown with the Ansible vault, the quick one. */
class EncryptedKeyFileTest {

  @TempDir private Path temp;

  @SuppressWarnings("NullAway.Init") // set before each test
  private WalletDirectory wallets;

  @BeforeEach
  void putAnEncryptedHotkey() throws IOException {
    wallets = new WalletDirectory(temp.resolve("wallets"));
    EncryptedHotkeys.write(wallets, "default", EncryptedHotkeys.recorded("vault"));
  }

  @Test
  void opensAnAnsibleVaultThatSignsForItsAddress() {
    Hotkey hotkey =
        wallets.open("default", "default", EncryptedHotkeys.keyring(EncryptedHotkeys.PASSWORD));
    byte[] message = "1.a.b.c.d".getBytes(StandardCharsets.UTF_8);
    assertThat(hotkey.address()).isEqualTo(EncryptedHotkeys.ADDRESS);
    assertThat(Sr25519.verify(EncryptedHotkeys.ADDRESS.publicKey(), message, hotkey.sign(message)))
        .isTrue();
  }

  @Test
  void tellsTheKindWithoutAPassword() throws IOException {
    assertThat(wallets.encryption("default", "default")).contains(Encryption.ANSIBLE_VAULT);
    EncryptedHotkeys.write(wallets, "nacl", EncryptedHotkeys.recorded("nacl"));
    assertThat(wallets.encryption("default", "nacl")).contains(Encryption.NACL);
    EncryptedHotkeys.write(wallets, "fernet", EncryptedHotkeys.recorded("fernet"));
    assertThat(wallets.encryption("default", "fernet")).contains(Encryption.FERNET);
    EncryptedHotkeys.write(wallets, "plain", "{}".getBytes(StandardCharsets.US_ASCII));
    assertThat(wallets.encryption("default", "plain")).isEmpty();
  }

  @Test
  void asksOncePerContentAndKeepsNoPassword() throws IOException {
    List<KeyPassword> asked = new ArrayList<>();
    Keyring keyring =
        new Keyring(
            file -> {
              asked.add(KeyPassword.of(EncryptedHotkeys.PASSWORD.toCharArray()));
              return Optional.of(asked.getLast());
            });
    Hotkey first = wallets.open("default", "default", keyring);
    assertThat(wallets.open("default", "default", keyring)).isSameAs(first);
    assertThat(asked).hasSize(1);
    assertThat(asked.getFirst().utf8()).containsOnly(0);

    EncryptedHotkeys.write(
        wallets,
        "default",
        (new String(EncryptedHotkeys.recorded("vault"), StandardCharsets.US_ASCII) + "\n")
            .getBytes(StandardCharsets.US_ASCII));
    wallets.open("default", "default", keyring);
    assertThat(asked).hasSize(2);
  }

  @Test
  void refusesAWrongPasswordAfterOneTry() {
    List<Path> asked = new ArrayList<>();
    Keyring keyring =
        new Keyring(
            file -> {
              asked.add(file);
              return Optional.of(KeyPassword.of("thisisnotit".toCharArray()));
            });
    assertThat(refusal(keyring))
        .contains("is encrypted ($ANSIBLE_VAULT) and the password does not open it")
        .contains("wrong or the file is damaged");
    assertThat(asked).hasSize(1);
  }

  @Test
  void refusesAnEmptyPasswordBeforeTryingIt() {
    assertThat(refusal(EncryptedHotkeys.keyring("")))
        .endsWith("is encrypted ($ANSIBLE_VAULT) and the password given is empty");
  }

  @Test
  void namesTheWaysToGiveAPasswordWhenThereIsNone() {
    assertThat(refusal(new Keyring(PasswordSource.none())))
        .contains("is encrypted ($ANSIBLE_VAULT) and there is no password")
        .contains("--wallet.password-file")
        .contains("BT_PW_")
        .contains("_WALLETS_DEFAULT_HOTKEYS_DEFAULT");
    assertThatThrownBy(() -> wallets.open("default", "default"))
        .isInstanceOf(PasswordNeededException.class);
  }

  @Test
  void refusesEveryTruncationAndOpensNoOtherKeyAfterAFlippedBit() throws IOException {
    byte[] good = EncryptedHotkeys.recorded("vault");
    Keyring keyring = EncryptedHotkeys.keyring(EncryptedHotkeys.PASSWORD);
    Random random = new Random(5);
    int opened = 0;
    for (int round = 0; round < 60; round++) {
      byte[] changed = good.clone();
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
      EncryptedHotkeys.write(wallets, "default", changed);
      try {
        // A hexadecimal digit's case, in either layer, and a line end's kind change nothing.
        assertThat(wallets.open("default", "default", keyring).address())
            .isEqualTo(EncryptedHotkeys.ADDRESS);
        opened++;
      } catch (WalletException e) {
        assertThat(e).hasMessageContaining("default: ").hasMessageNotContaining("correct horse");
      }
      EncryptedHotkeys.write(
          wallets, "default", Arrays.copyOf(good, random.nextInt(good.length - 2)));
      assertThat(refusal(keyring)).isNotEmpty();
    }
    assertThat(opened).isLessThan(30);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$NACL",
        "$NACLshort",
        "gAAAAA",
        "gAAAAABx",
        "gAAAAA!!",
        "$ANSIBLE_VAULT",
        "$ANSIBLE_VAULT;1.1;AES256",
        "$ANSIBLE_VAULT;1.1;AES256\n30",
        "$ANSIBLE_VAULT;9.9;AES256\n30"
      })
  void refusesAnEncryptedFileThatIsCutOffBeforeAnyDerivation(String content) throws IOException {
    EncryptedHotkeys.write(wallets, "default", content.getBytes(StandardCharsets.US_ASCII));
    assertThat(refusal(EncryptedHotkeys.keyring(EncryptedHotkeys.PASSWORD)))
        .contains("is encrypted (")
        .endsWith("restore this key file from a backup");
  }

  @Test
  void neverDecryptsWhatIsKnownToBeTheColdkey() throws IOException {
    Keyring unused =
        new Keyring(
            file -> {
              throw new AssertionError("asked for the coldkey's password");
            });
    Path coldkey = wallets.root().resolve("default/coldkey");
    Files.createLink(coldkey, wallets.root().resolve("default/hotkeys/default"));
    assertThat(refusal(unused)).contains("holds the wallet's coldkey");
    Files.delete(coldkey);

    String names = "{\"ss58Address\": \"" + EncryptedHotkeys.ADDRESS + "\"}";
    Files.writeString(wallets.root().resolve("default/coldkeypub.txt"), names);
    Files.writeString(wallets.root().resolve("default/hotkeys/defaultpub.txt"), names);
    assertThat(refusal(unused)).contains("holds the wallet's coldkey");
  }

  @Test
  void neverSignsWithACopyOfTheEncryptedColdkey() throws IOException {
    Files.writeString(
        wallets.root().resolve("default/coldkeypub.txt"),
        "{\"ss58Address\": \"" + EncryptedHotkeys.ADDRESS + "\"}");
    Keyring keyring = EncryptedHotkeys.keyring(EncryptedHotkeys.PASSWORD);
    assertThat(refusal(keyring)).contains("holds the wallet's coldkey");
    assertThat(refusal(keyring)).as("the second time too").contains("holds the wallet's coldkey");
  }

  @Test
  void readsThePasswordFromAFileOnlyItsOwnerMayRead() throws IOException {
    Path file = temp.resolve("password");
    for (String end : List.of("", "\n", "\r\n")) {
      EncryptedHotkeys.privateFile(
          file, (EncryptedHotkeys.PASSWORD + end).getBytes(StandardCharsets.UTF_8));
      assertThat(
              wallets.open("default", "default", new Keyring(PasswordSource.file(file))).address())
          .isEqualTo(EncryptedHotkeys.ADDRESS);
    }
    Files.setPosixFilePermissions(
        file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r-----"));
    assertThat(refusal(new Keyring(PasswordSource.file(file))))
        .startsWith(file + ": other users may read or change this password file (mode 0640)");
    Path link = Files.createSymbolicLink(temp.resolve("link"), file);
    assertThat(refusal(new Keyring(PasswordSource.file(link)))).contains("is a symbolic link");
    assertThat(refusal(new Keyring(PasswordSource.file(temp.resolve("nothing")))))
        .contains("there is no such password file");
    EncryptedHotkeys.privateFile(file, "two\nlines".getBytes(StandardCharsets.US_ASCII));
    assertThat(refusal(new Keyring(PasswordSource.file(file)))).contains("more than one line");
    EncryptedHotkeys.privateFile(file, "\n".getBytes(StandardCharsets.US_ASCII));
    assertThat(refusal(new Keyring(PasswordSource.file(file)))).contains("password given is empty");
  }

  @Test
  void refusesToStartArgon2WithTooLittleHeap() throws KeyContentException {
    NaclBox.requireHeap(640L << 20);
    assertThatThrownBy(() -> NaclBox.requireHeap(512L << 20))
        .hasMessage(
            "needs 640 MiB of heap for its $NACL encryption and this process may use 512; start it with AXONOMETER_JAVA_OPTS=-Xmx1g");
  }

  @Test
  void showsNothingOfAPassword() {
    try (KeyPassword password = KeyPassword.of("hunter2".toCharArray())) {
      assertThat(password.toString()).doesNotContain("hunter2");
    }
  }

  /** The one line with which opening is refused, after a look for secrets in all of it. */
  private String refusal(Keyring keyring) {
    WalletException refused =
        catchThrowableOfType(
            WalletException.class, () -> wallets.open("default", "default", keyring));
    assertThat(refused).as("opening must be refused").isNotNull();
    StringWriter said = new StringWriter();
    refused.printStackTrace(new PrintWriter(said));
    assertThat(said.toString())
        .doesNotContain(
            EncryptedHotkeys.PASSWORD, EncryptedHotkeys.SEED.substring(0, 12), "thisisnotit");
    return String.valueOf(refused.getMessage());
  }
}
