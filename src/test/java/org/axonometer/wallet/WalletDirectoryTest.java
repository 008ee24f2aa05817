package org.axonometer.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.axonometer.sr25519.Sr25519;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class WalletDirectoryTest {

  private static final String SEED =
      "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";
  private static final String PUBLIC_KEY =
      "10c68432943c68a6e1be650818b5e08db79e57823de9f34df7ba36d404d91e1d";
  private static final String ADDRESS = "5CShbTqxKUgKZBRDu1VGVpivm3m415stz86A5GBdoV7wrU1d";
  private static final String PRIVATE_KEY =
      "0eef5183411d40c32446bb1cbaabd70004a17af6012a577c735d054f04059208"
          + "573dfc9b6ffeb1c786a16349e70f9836876a743c31c0a7a2a70727a852eec372";
  private static final String ANOTHER_ADDRESS = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
  private static final String GOOD =
      """
      {"accountId": "0x%s", "publicKey": "0x%s", "privateKey": null, "secretPhrase": null,
       "secretSeed": "0x%s", "ss58Address": "%s"}\
      """
          .formatted(PUBLIC_KEY, PUBLIC_KEY, SEED, ADDRESS);

  /** Words of the secret phrases and hex of the seeds in this class; no message may have them. */
  private static final String[] SECRETS = {
    SEED.substring(0, 12), SEED.substring(20, 40), "leopard", "da3cf5b1", "thisisafake"
  };

  @TempDir private Path temp;

  @SuppressWarnings("NullAway.Init") // set before each test
  private WalletDirectory wallets;

  @BeforeEach
  void makeFolders() throws IOException {
    wallets = new WalletDirectory(temp.resolve("wallets"));
    Files.createDirectories(
        hotkeys(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
  }

  @Test
  void opensAPlainKeyFile() throws IOException {
    write("default", GOOD);
    assertThat(wallets.open("default", "default").address()).hasToString(ADDRESS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"secretSeed\":\"0x%s\"}",
        "{\"secretSeed\":\"%s\"}",
        "{\"secretSeed\":\"0x%s\",\"publicKey\":\"" + PUBLIC_KEY + "\"}",
        "\n\t{ \"later\": \"key\", \"ss58Address\": null, \"publicKey\": \"\", "
            + "\"secretSeed\" : \"0x%s\" } \n",
        "{\"cryptoType\":1,\"secretSeed\":\"0x%s\"}",
        "{\"secretPhrase\":\"\",\"privateKey\":null,\"secretSeed\":\"0x%s\"}"
      })
  void toleratesAbsentAndNullAndUnknownKeysInAnyOrder(String form) throws IOException {
    write("default", form.formatted(SEED));
    assertThat(wallets.open("default", "default").address()).hasToString(ADDRESS);
  }

  @Test
  void readsUpperCaseHex() throws IOException {
    write("default", "{\"secretSeed\":\"0x" + SEED.toUpperCase(Locale.ROOT) + "\"}");
    assertThat(wallets.open("default", "default").address()).hasToString(ADDRESS);
  }

  @Test
  void describesWhatMayBeShown() throws IOException {
    Path file = write("default", GOOD);
    HotkeyFile shown = wallets.describe("default", "default", new Keyring(PasswordSource.none()));
    assertThat(shown.encryption()).isEmpty();
    assertThat(shown.address()).hasToString(ADDRESS);
    assertThat(shown.file()).isEqualTo(file);
    assertThat(shown.mode()).isEqualTo("rw-------");
    assertThat(shown.owner()).isEqualTo(Files.getOwner(file).getName());
    assertThat(shown.toString()).doesNotContain(SECRETS);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          empty file          |                                          | is not a JSON object
          white space         | ' '                                      | is not a JSON object
          cut text            | {"secretSeed": "0x0102030405060708090    | is not valid JSON at line 1
          not quoted          | {secretSeed: 0102030405060708090a0b0c}   | is not valid JSON at line 1
          bare words          | old leopard transfer rib spatial phone   | is not valid JSON at line 1
          array               | ["0102030405060708090a0b0c"]             | is not a JSON object
          text                | "0102030405060708090a0b0c"               | is not a JSON object
          number              | {"secretSeed": 1020304050607080}         | neither text nor null at line 1
          ed25519             | {"cryptoType": 0}                        | only 1, sr25519, can sign
          number elsewhere    | {"cryptoTyp": 1}                         | neither text nor null
          truth               | {"secretSeed": true}                     | neither text nor null
          nested              | {"a": {"secretSeed": "0x00"}}            | neither text nor null
          list                | {"a": ["0x00"]}                          | neither text nor null
          twice               | {"secretSeed": null, "secretSeed": null} | is not valid JSON
          two objects         | {} {}                                    | more than one JSON object
          trailing text       | {} leopard                               | is not valid JSON
          comment             | {} // leopard                            | is not valid JSON
          no fields           | {}                                       | has public fields only and cannot sign
          address only        | {"ss58Address": "x"}                     | has public fields only and cannot sign
          phrase only         | {"secretPhrase": "old leopard"}          | has a secret phrase of 2 words
          private key only    | {"privateKey": "0x0102030405060708"}     | privateKey that is not 0x and 128
          short seed          | {"secretSeed": "0x0102030405060708090a"} | not 0x and 64 hexadecimal digits
          only 0x             | {"secretSeed": "0x"}                     | not 0x and 64 hexadecimal digits
          public key text     | 0x0102030405060708090a0b0c               | is a bare public key
          encrypted, NaCl     | $NACL0102030405060708090a0b0c            | is encrypted ($NACL) and there is no password
          encrypted, Ansible  | $ANSIBLE_VAULT;1.1;AES256                | is encrypted ($ANSIBLE_VAULT)
          encrypted, Fernet   | gAAAAABlU_EAAAECAwQFBgcICQoLDA0O         | is encrypted (gAAAAA) and there is no password
          """)
  void refusesAContentItCannotUse(String what, String content, String why) throws IOException {
    write("default", content == null ? "" : content);
    assertThat(refusal("default", "default")).contains(why);
  }

  @Test
  void refusesASeedThatIsNotHexadecimal() throws IOException {
    write("default", GOOD.replace("0x" + SEED, "0x" + SEED.substring(0, 63) + "g"));
    assertThat(refusal("default", "default")).contains("not 0x and 64 hexadecimal digits");
    write("default", GOOD.replace("0x" + SEED, "０x" + SEED));
    assertThat(refusal("default", "default")).contains("not 0x and 64 hexadecimal digits");
  }

  @Test
  void takesAWholePrivateKeyInTheSeedsPlaceWhenItIsOne() throws IOException {
    write(
        "default",
        "{\"secretSeed\":\"0x" + PRIVATE_KEY + "\",\"ss58Address\":\"" + ADDRESS + "\"}");
    assertThat(wallets.open("default", "default").address()).hasToString(ADDRESS);
    write("default", "{\"secretSeed\":\"0x" + SEED + SEED + "\"}");
    assertThat(refusal("default", "default"))
        .contains("secretSeed that is no sr25519 key in the form of schnorrkel");
  }

  /** The key of {@link #ADDRESS} under the prefixes 0, 2 and 13116. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1Nzjo72BFwnziRjreYGdyZ5cfkhhPS34cpeEZAzMa9U2oG4",
        "CxKFnBpwqhFJqEffiJKPn5vue3Hokh5SVvuTvTbHHLSbY3A",
        "bt3ZyWVgTQ6UHdqg9ZErqbXdfHb6ZUBs3Yzvh5ZUX4Jwn5oZw"
      })
  void takesTheKeysAddressUnderAnyPrefix(String address) throws IOException {
    write("default", fieldBesideSeed("ss58Address", address));
    assertThat(wallets.open("default", "default").address()).hasToString(ADDRESS);
    Files.writeString(
        wallets.root().resolve("default/coldkeypub.txt"), "{\"ss58Address\": \"" + address + "\"}");
    assertThat(refusal("default", "default")).contains("holds the wallet's coldkey");
  }

  @Test
  void readsAPathAsBtcliDoes() {
    assertThat(WalletDirectory.expanded(Path.of("~/wallets")))
        .isEqualTo(Path.of(System.getProperty("user.home"), "wallets"));
    assertThat(WalletDirectory.expanded(Path.of("/a/./b/../c"))).isEqualTo(Path.of("/a/c"));
    assertThat(WalletDirectory.expanded(Path.of("wallets")))
        .isEqualTo(Path.of("wallets").toAbsolutePath());
  }

  @Test
  void opensAPrivateKeyAloneAsTheKeyOfItsSeed() throws IOException {
    write(
        "default",
        "{\"privateKey\":\"0x" + PRIVATE_KEY + "\",\"ss58Address\":\"" + ADDRESS + "\"}");
    Hotkey hotkey = wallets.open("default", "default");
    assertThat(hotkey.address()).hasToString(ADDRESS);
    byte[] message = {1, 2, 3};
    assertThat(Sr25519.verify(hotkey.address().publicKey(), message, hotkey.sign(message)))
        .isTrue();
    wallets.create("default", "copy", hotkey);
    assertThat(wallets.open("default", "copy").address()).hasToString(ADDRESS);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          polkadot-js form | {"privateKey": "0x08%s"}                                  | no sr25519 key in the form of schnorrkel
          zero             | {"privateKey": "0x0000%s"}                                | no sr25519 key
          seed and phrase  | {"secretSeed": "0x%s", "secretPhrase": "old leopard transfer rib spatial phone calm indicate online fire caution review"} | secretPhrase belongs to another key than secretSeed
          wrong checksum   | {"secretPhrase": "old leopard transfer rib spatial phone calm indicate online fire caution leopard"} | wrong checksum
          """)
  void refusesSecretsThatAreNoKeyOrOfTwo(String what, String content, String why)
      throws IOException {
    String fill =
        switch (what) {
          case "polkadot-js form" -> "ff".repeat(63);
          case "zero" -> "00".repeat(62);
          default -> SEED;
        };
    write("default", content.formatted(fill));
    assertThat(refusal("default", "default")).contains(why);
  }

  @ParameterizedTest
  @CsvSource({PUBLIC_KEY + ", publicKey", PUBLIC_KEY + ", accountId", ADDRESS + ", ss58Address"})
  void refusesPublicFieldsOfAnotherKey(String own, String key) throws IOException {
    String foreign =
        key.equals("ss58Address") ? ANOTHER_ADDRESS : PUBLIC_KEY.replace("10c6", "10c7");
    write("default", fieldBesideSeed(key, own.length() == 64 ? "0x" + foreign : foreign));
    assertThat(refusal("default", "default"))
        .contains(key + " belongs to another key than secretSeed");
    write("default", fieldBesideSeed(key, "0x12"));
    assertThat(refusal("default", "default")).contains("has a").contains(key + " that");
  }

  @Test
  void refusesEveryTruncationAndAlmostEveryFlippedBit() throws IOException {
    byte[] good = GOOD.getBytes(StandardCharsets.US_ASCII);
    for (int length = 0; length < good.length; length++) {
      write("default", new String(good, 0, length, StandardCharsets.US_ASCII));
      assertThat(refusal("default", "default")).isNotEmpty();
    }
    Random random = new Random(11);
    for (int round = 0; round < 400; round++) {
      byte[] changed = good.clone();
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(write("default", ""), changed);
      try {
        // A flip that changes a letter's case or an unread key's name changes no key.
        assertThat(wallets.open("default", "default").address()).hasToString(ADDRESS);
      } catch (WalletException e) {
        assertThat(everythingSaid(e)).doesNotContain(SECRETS);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "rw-r--r--, 0644",
    "rw-r-----, 0640",
    "rw--w----, 0620",
    "rw-----w-, 0602",
    "rw----r--, 0604",
    "rwxrwxrwx, 0777",
    "r--r--r--, 0444"
  })
  void refusesAFileOthersMayReadOrChange(String mode, String octal) throws IOException {
    Path file = write("default", GOOD);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    assertThat(refusal("default", "default"))
        .startsWith(file + ": ")
        .contains("(mode " + octal + ")")
        .endsWith("run: chmod 600 " + file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "r--------", "rwx------"})
  void opensAFileOnlyItsOwnerMayUse(String mode) throws IOException {
    Files.setPosixFilePermissions(write("default", GOOD), PosixFilePermissions.fromString(mode));
    assertThat(wallets.open("default", "default").address()).hasToString(ADDRESS);
  }

  @ParameterizedTest
  @CsvSource({"rwxrwxr-x, 0775", "rwxr-xrwx, 0757", "rwxrwxrwx, 0777"})
  void refusesFoldersOthersMayChangeWithOneCommandForAll(String mode, String octal)
      throws IOException {
    write("default", GOOD);
    Path wallet = wallets.root().resolve("default");
    Files.setPosixFilePermissions(hotkeys(), PosixFilePermissions.fromString(mode));
    Files.setPosixFilePermissions(wallet, PosixFilePermissions.fromString(mode));
    assertThat(refusal("default", "default"))
        .startsWith(hotkeys() + ": ")
        .contains("(mode " + octal + ")")
        .endsWith("run: chmod go-w " + hotkeys() + " " + wallet);
  }

  @Test
  void refusesARootOthersMayChange() throws IOException {
    write("default", GOOD);
    Files.setPosixFilePermissions(wallets.root(), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(refusal("default", "default")).endsWith("run: chmod go-w " + wallets.root());
  }

  @Test
  void letsRootUseAnyonesFileAndOthersOnlyTheirOwn() {
    assertThat(Permissions.isForeign(1000, 0)).isFalse();
    assertThat(Permissions.isForeign(1000, 1000)).isFalse();
    assertThat(Permissions.isForeign(0, 1000)).isTrue();
    assertThat(Permissions.isForeign(1001, 1000)).isTrue();
  }

  @Test
  void refusesWhatIsNoRegularFile() throws IOException, InterruptedException {
    Path file = write("real", GOOD);
    Files.createSymbolicLink(hotkeys().resolve("link"), file);
    Files.createSymbolicLink(hotkeys().resolve("dangling"), hotkeys().resolve("nothing"));
    Files.createDirectory(hotkeys().resolve("folder"));
    assertThat(refusal("default", "link")).contains("is a symbolic link");
    assertThat(refusal("default", "dangling")).contains("is a symbolic link");
    assertThat(refusal("default", "folder")).contains("is not a regular file");
    Path pipe = hotkeys().resolve("pipe");
    assumeThat(new ProcessBuilder("mkfifo", "-m", "600", pipe.toString()).start().waitFor())
        .isZero();
    assertThat(refusal("default", "pipe")).contains("is not a regular file");
  }

  @Test
  void refusesATooLargeFileWithoutReadingIt() throws IOException {
    Path file = write("default", GOOD + " ".repeat(16 * 1024 - GOOD.length()));
    assertThat(wallets.open("default", "default").address()).hasToString(ADDRESS);
    Files.writeString(file, GOOD + " ".repeat(16 * 1024 - GOOD.length() + 1));
    assertThat(refusal("default", "default")).contains("more than 16384 bytes");
  }

  @Test
  void refusesBinaryAndWideText() throws IOException {
    Files.write(write("default", ""), GOOD.getBytes(StandardCharsets.UTF_16LE));
    assertThat(refusal("default", "default")).contains("is not text");
    Files.write(write("default", ""), new byte[] {'{', (byte) 0xff, (byte) 0xfe, '}'});
    assertThat(refusal("default", "default")).contains("is not valid JSON");
  }

  @Test
  void saysWhichFolderOrFileIsMissing() {
    assertThat(refusal("default", "nobody"))
        .isEqualTo(
            hotkeys().resolve("nobody")
                + ": there is no such key file; check the hotkey's name or make it with btcli");
    assertThat(refusal("nowhere", "default"))
        .startsWith(wallets.root().resolve("nowhere/hotkeys") + ": there is no such folder");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", ".", "..", "../coldkey", "a/b", "/etc/passwd", "a\\b", "a\nb", "a\0b"})
  void refusesANameThatIsNoPlainName(String name) {
    assertThat(refusal("default", name)).contains("the hotkey name ").contains("plain name");
    assertThat(refusal(name, "default")).contains("the wallet name ").contains("plain name");
  }

  @Test
  void refusesPublicKeyFilesAndColdkeysByName() throws IOException {
    write("defaultpub.txt", GOOD);
    write("coldkey", GOOD);
    assertThat(refusal("default", "defaultpub.txt")).contains("public key file and cannot sign");
    assertThat(refusal("default", "coldkeypub.txt")).contains("public key file and cannot sign");
    assertThat(refusal("default", "coldkey")).contains("coldkeys are never opened");
    assertThat(refusal("default", "x".repeat(201))).contains("more than 200 characters");
  }

  @Test
  void refusesTheColdkeyUnderAnotherName() throws IOException {
    Path file = write("default", GOOD);
    Path coldkey = wallets.root().resolve("default/coldkey");
    Files.createLink(coldkey, file);
    assertThat(refusal("default", "default")).contains("holds the wallet's coldkey");
    Files.delete(coldkey);
    Path publicFile = wallets.root().resolve("default/coldkeypub.txt");
    Files.writeString(publicFile, "{\"ss58Address\": \"" + ADDRESS + "\"}");
    assertThat(refusal("default", "default")).contains("holds the wallet's coldkey");
    Files.writeString(publicFile, "{\"publicKey\": \"0x" + PUBLIC_KEY + "\"}");
    assertThat(refusal("default", "default")).contains("holds the wallet's coldkey");
    Files.writeString(publicFile, "{\"ss58Address\": \"" + ANOTHER_ADDRESS + "\"}");
    assertThat(wallets.open("default", "default").address()).hasToString(ADDRESS);
    Files.writeString(publicFile, "not understood");
    assertThat(wallets.open("default", "default").address()).hasToString(ADDRESS);
  }

  @Test
  void neverOpensAColdkey() throws IOException, InterruptedException {
    write("default", GOOD);
    // Opening a pipe nobody writes to would wait for ever.
    Path coldkey = wallets.root().resolve("default/coldkey");
    assumeThat(new ProcessBuilder("mkfifo", coldkey.toString()).start().waitFor()).isZero();
    assertThat(wallets.open("default", "default").address()).hasToString(ADDRESS);
  }

  @Test
  void listsWalletsAndHotkeysWithoutOpeningThem() throws IOException {
    write("b", "not a key");
    write("a", GOOD);
    write("apub.txt", "{}");
    write(".hidden", "");
    Files.createDirectory(hotkeys().resolve("folder"));
    Files.createDirectories(wallets.root().resolve("empty"));
    Files.writeString(wallets.root().resolve("file"), "");
    assertThat(wallets.list())
        .containsExactly(
            new WalletListing("default", List.of("a", "b")), new WalletListing("empty", List.of()));
    assertThat(new WalletDirectory(temp.resolve("nowhere")).list()).isEmpty();
  }

  @Test
  void writesANewKeyFileItCanOpen() throws IOException {
    WalletDirectory fresh = new WalletDirectory(temp.resolve("new/wallets"));
    Hotkey hotkey = Hotkey.fromSeed(HexFormat.of().parseHex(SEED));
    Path file = fresh.create("park", "validator", hotkey);
    assertThat(fresh.open("park", "validator").address()).isEqualTo(hotkey.address());
    assertThat(mode(file)).isEqualTo("rw-------");
    Path publicFile = temp.resolve("new/wallets/park/hotkeys/validatorpub.txt");
    assertThat(mode(publicFile)).isEqualTo("rw-------");
    assertThat(publicFile)
        .hasContent(
            "{\"accountId\": \"0x%s\", \"publicKey\": \"0x%s\", \"ss58Address\": \"%s\"}"
                .formatted(PUBLIC_KEY, PUBLIC_KEY, ADDRESS));
    for (String folder : List.of("new", "new/wallets", "new/wallets/park")) {
      assertThat(mode(temp.resolve(folder))).isEqualTo("rwx------");
    }
    assertThat(mode(temp.resolve("new/wallets/park/hotkeys"))).isEqualTo("rwx------");
    JsonNode written = new ObjectMapper().readTree(file.toFile());
    assertThat(written.propertyNames())
        .containsExactly("accountId", "publicKey", "secretSeed", "ss58Address");
    assertThat(written.get("secretSeed").asString()).isEqualTo("0x" + SEED);
    assertThat(written.get("publicKey").asString()).isEqualTo("0x" + PUBLIC_KEY);
    assertThat(written.get("accountId").asString()).isEqualTo("0x" + PUBLIC_KEY);
    assertThat(written.get("ss58Address").asString()).isEqualTo(ADDRESS);
  }

  @Test
  void neverOverwritesAKeyFile() throws IOException {
    Path file = write("default", GOOD);
    assertThatThrownBy(() -> wallets.create("default", "default", Hotkey.generate()))
        .isInstanceOf(WalletException.class)
        .hasMessageContaining(file + ": exists already and is never overwritten");
    assertThat(file).hasContent(GOOD);
    Files.createSymbolicLink(hotkeys().resolve("link"), hotkeys().resolve("nothing"));
    assertThatThrownBy(() -> wallets.create("default", "link", Hotkey.generate()))
        .isInstanceOf(WalletException.class);
    assertThat(hotkeys().resolve("nothing")).doesNotExist();
  }

  @Test
  void writesNoKeyIntoAFolderOthersMayChangeOrUnderAWrongName() throws IOException {
    Files.setPosixFilePermissions(hotkeys(), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> wallets.create("default", "new", Hotkey.generate()))
        .isInstanceOf(WalletException.class)
        .hasMessageContaining("chmod go-w");
    assertThatThrownBy(() -> wallets.create("default", "../x", Hotkey.generate()))
        .isInstanceOf(WalletException.class);
    assertThatThrownBy(() -> wallets.create("default", "xpub.txt", Hotkey.generate()))
        .isInstanceOf(WalletException.class);
    assertThat(hotkeys()).isEmptyDirectory();
  }

  @Test
  void writesNoColdkeyAndNothingBesideAnotherKeysPublicFile() throws IOException {
    Hotkey hotkey = Hotkey.fromSeed(HexFormat.of().parseHex(SEED));
    Files.writeString(
        hotkeys().resolve("newpub.txt"), "{\"ss58Address\": \"" + ANOTHER_ADDRESS + "\"}");
    assertThatThrownBy(() -> wallets.create("default", "new", hotkey))
        .isInstanceOf(WalletException.class)
        .hasMessageContaining("newpub.txt: does not name this key");
    Files.writeString(
        wallets.root().resolve("default/coldkeypub.txt"), "{\"ss58Address\": \"" + ADDRESS + "\"}");
    assertThatThrownBy(() -> wallets.create("default", "other", hotkey))
        .isInstanceOf(WalletException.class)
        .hasMessageContaining("is the wallet's coldkey");
    assertThat(hotkeys().resolve("new")).doesNotExist();
    assertThat(hotkeys().resolve("other")).doesNotExist();
  }

  @Test
  void saysSoWhenAFolderCannotBeMade() throws IOException {
    Files.writeString(wallets.root().resolve("park"), "a file where a folder should be");
    assertThatThrownBy(() -> wallets.create("park", "new", Hotkey.generate()))
        .isInstanceOf(WalletException.class)
        .hasMessageContaining("park/hotkeys: this folder cannot be made");
  }

  @Test
  void looksInTheHomeFolderByDefault() {
    assertThat(WalletDirectory.defaultRoot().root())
        .isEqualTo(Path.of(System.getProperty("user.home"), ".bittensor", "wallets"));
  }

  private Path hotkeys() {
    return wallets.root().resolve("default/hotkeys");
  }

  private Path write(String hotkey, String content) throws IOException {
    Path file = hotkeys().resolve(hotkey);
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  /** The one line with which opening is refused, after a look for secrets in all of it. */
  private String refusal(String wallet, String hotkey) {
    WalletException refused =
        catchThrowableOfType(WalletException.class, () -> wallets.open(wallet, hotkey));
    assertThat(refused).as("opening must be refused").isNotNull();
    assertThat(everythingSaid(refused)).doesNotContain(SECRETS);
    String message = String.valueOf(refused.getMessage());
    assertThat(message).startsWith(temp.toString()).doesNotContain("\n", "\0");
    return message;
  }

  private static String everythingSaid(Throwable refused) {
    StringWriter text = new StringWriter();
    refused.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static String fieldBesideSeed(String key, String value) {
    return "{\"secretSeed\": \"0x%s\", \"%s\": \"%s\"}".formatted(SEED, key, value);
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
  }
}
