package org.axonometer.metagraph;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.axonometer.testing.SnapshotNeurons.hotkey;
import static org.axonometer.testing.SnapshotNeurons.neuron;
import static org.axonometer.testing.SnapshotNeurons.notServing;
import static org.axonometer.testing.SnapshotNeurons.serving;
import static org.axonometer.testing.SnapshotNeurons.snapshot;
import static org.axonometer.testing.SnapshotNeurons.validator;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.axonometer.subnet.Sha256;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotFileTest {

  private static final BigInteger U64_MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  @TempDir private Path folder;
  private MetagraphSnapshot snapshot = snapshot();
  private String json = "";

  @BeforeEach
  void writeASmallSnapshot() throws IOException {
    snapshot =
        snapshot(
            serving(0, "9.9.9.9", 3215),
            notServing(1),
            validator(7, U64_MAX),
            serving(40_000, "2606:4700::1111", 65_535),
            serving(65_535, "::ffff:10.0.0.1", 1),
            neuron(65_534, BigInteger.ONE, 255, 0, BigInteger.ZERO, false));
    Path file = folder.resolve("small.json");
    SnapshotFile.write(snapshot, file);
    json = Files.readString(file);
  }

  @Test
  void readsBackWhatItWrites() {
    assertThat(SnapshotFile.read(folder.resolve("small.json"))).isEqualTo(snapshot);
  }

  @Test
  void readsBackASnapshotWithoutNeurons() {
    Path file = folder.resolve("empty.json");
    SnapshotFile.write(snapshot(), file);
    assertThat(SnapshotFile.read(file)).isEqualTo(snapshot());
  }

  @Test
  void writesTheSameBytesForTheSameSnapshot() throws Exception {
    Path again = folder.resolve("again.json");
    SnapshotFile.write(SnapshotFile.read(folder.resolve("small.json")), again);
    assertThat(again).hasContent(json);
    assertThat(Sha256.hex(Files.readAllBytes(again))).isEqualTo(snapshot.sha256());
  }

  @Test
  void writesOneNeuronPerLine() {
    assertThat(json)
        .startsWith(
            """
            {"format":"axonometer-snapshot","version":1,"network":"finney","netuid":1,\
            "block":6530367,"taken_at":"2026-01-02T03:04:05Z","neurons":[
            {"uid":0,"hotkey":"%s",\
            """
                .formatted(hotkey(0)))
        .contains("\"axon\":{\"ip\":\"9.9.9.9\",\"ip_type\":4,\"port\":3215,")
        .contains("\"stake_rao\":\"18446744073709551615\"")
        .endsWith("}\n]}\n");
    assertThat(json.lines()).hasSize(snapshot.neurons().size() + 2);
  }

  @Test
  void hashesTheBytesThatWereRead() throws Exception {
    Path spaced = folder.resolve("spaced.json");
    byte[] bytes = json.replace("},", "} ,\t").getBytes(UTF_8);
    Files.write(spaced, bytes);
    MetagraphSnapshot read = SnapshotFile.read(spaced);
    assertThat(read.neurons()).isEqualTo(snapshot.neurons());
    assertThat(read.sha256()).isEqualTo(Sha256.hex(bytes)).isNotEqualTo(snapshot.sha256());
  }

  @Test
  void writesForTheOwnerOnlyAndLeavesNoTemporaryFile() throws Exception {
    Path file = folder.resolve("small.json");
    SnapshotFile.write(snapshot(notServing(3)), file);
    assertThat(SnapshotFile.read(file)).isEqualTo(snapshot(notServing(3)));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void saysThatItCannotWriteAndLeavesNothingBehind() throws Exception {
    Path occupied = Files.createDirectory(folder.resolve("occupied.json"));
    Files.writeString(occupied.resolve("file"), "x");
    assertThatThrownBy(() -> SnapshotFile.write(snapshot, occupied))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("occupied.json: cannot be written");
    assertThatThrownBy(() -> SnapshotFile.write(snapshot, folder.resolve("no/such/x.json")))
        .isInstanceOf(SnapshotException.class);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"version\":1, | \"version\":3, | version is 3, this program reads versions 1 and 2",
        "axonometer-snapshot | other | not a snapshot",
        "\"network\":\"finney\", | | key \"network\" is missing",
        "\"network\":\"finney\" | \"network\":\"fin\\u001bney\" | network must be 1 to 64",
        "\"netuid\":1 | \"netuid\":65536 | netuid must be an integer 0..65535, was 65536",
        "\"block\":6530367 | \"block\":-1 | block must be an integer",
        "\"block\":6530367 | \"block\":6530367.5 | found a fraction",
        "\"block\":6530367 | \"block\":1e3 | found a fraction",
        "\"block\":6530367 | \"block\":NaN | offset",
        "\"block\":6530367 | \"block\":null | found null",
        "\"block\":6530367 | \"block\":99999999999999999999 | block must be an integer",
        "03:04:05Z | 03:04:05+00:00 | taken_at must be UTC such as",
        "2026-01-02T | 2026-02-30T | taken_at is no time that exists",
        "2026-01-02T | 1969-01-02T | taken_at must be in 1970..9999",
        "\"netuid\":1, | \"netuid\":1,\"netuid\":1, | Duplicate",
        "\"netuid\":1, | \"netuid\":1,\"extra\":1, | unknown key \"extra\"",
        "\"uid\":7, | \"uid\":7,\"rank\":1, | neurons[2]: unknown key \"rank\"",
        "\"uid\":7, | \"uid\":7,\"uid\":7, | Duplicate",
        "\"uid\":7, | \"uid\":1, | uid 1 appears twice",
        "\"uid\":7, | \"uid\":65536, | uid must be an integer 0..65535, was 65536",
        "\"uid\":7, | \"uid\":-7, | uid must be an integer 0..65535, was -7",
        "\"uid\":7, | \"uid\":\"7\", | uid must be an integer 0..65535, was \"7\"",
        "\"uid\":7, | | neurons[2]: key \"uid\" is missing",
        "\"port\":3215, | \"port\":65536, | neurons[0].axon: port must be an integer 0..65535",
        "\"port\":3215, | \"port\":-1, | neurons[0].axon: port must be an integer 0..65535",
        "\"ip_type\":4,\"port\":3215 | \"ip_type\":256,\"port\":3215 | ip_type must be an integer",
        "\"ip\":\"9.9.9.9\" | \"ip\":\"example.com\" | neurons[0] (uid 0): ",
        "\"ip\":\"9.9.9.9\" | \"ip\":\"127.1\" | neurons[0] (uid 0): ",
        "\"ip\":\"9.9.9.9\" | \"ip\":151587081 | ip must be a text, was 151587081",
        "\"ip\":\"9.9.9.9\" | \"ip\":\"::1\" | which the chain reads as IPv4",
        "\"18446744073709551615\" | \"18446744073709551616\" | stake in rao must be 0..2^64-1",
        "\"18446744073709551615\" | \"-1\" | stake_rao must be a text of decimal digits",
        "\"18446744073709551615\" | \"007\" | stake_rao must be a text of decimal digits",
        "\"18446744073709551615\" | 7 | stake_rao must be a text, was 7",
        "\"active\":true | \"active\":1 | active must be true or false, was 1",
        "\"incentive\":63 | \"incentive\":65536 | incentive must be an integer 0..65535",
        "]} | ],\"neurons\":[]} | Duplicate",
        "]} | ]}{} | nothing may follow the end",
        "]} | ]} x | offset",
        "]} | ]},, | offset",
        "\"neurons\":[ | \"neurons\":[7, | expected a neuron, found an integer",
        "\"neurons\":[ | \"neurons\":[[[[[[[[[[[ | expected a neuron, found a list",
      })
  void refusesWhatIsNotASnapshot(String good, String bad, String reason) {
    assertThat(json).contains(good);
    String changed = json.replaceFirst(java.util.regex.Pattern.quote(good), "");
    int at = json.indexOf(good);
    String broken = changed.substring(0, at) + (bad == null ? "" : bad) + changed.substring(at);
    assertThatThrownBy(() -> parse(broken.getBytes(UTF_8)))
        .isInstanceOf(SnapshotException.class)
        .hasMessageStartingWith("test.json: ")
        .hasMessageContaining(reason);
  }

  @Test
  void namesTheNeuronWithABadHotkey() {
    String good = hotkey(7).text();
    for (String bad :
        new String[] {
          good.substring(0, 47) + (good.endsWith("a") ? 'b' : 'a'),
          good.toLowerCase(java.util.Locale.ROOT),
          good.substring(1),
          "15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5",
          "0".repeat(48),
          ""
        }) {
      assertThatThrownBy(() -> parse(json.replace(good, bad).getBytes(UTF_8)))
          .isInstanceOf(SnapshotException.class)
          .hasMessageStartingWith("test.json: neurons[2] (uid 7): hotkey: ");
    }
  }

  @Test
  void namesBothPlacesOfARepeatedHotkey() {
    String repeated = json.replace(hotkey(7).text(), hotkey(0).text());
    assertThatThrownBy(() -> parse(repeated.getBytes(UTF_8)))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("appears twice, at uid 0 and uid 7");
  }

  @Test
  void refusesBytesThatAreNotAscii() {
    byte[] utf16 = json.getBytes(java.nio.charset.StandardCharsets.UTF_16);
    assertThatThrownBy(() -> parse(utf16))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("offset 0: byte 0xfe is not text");
    byte[] utf8 = json.replace("finney", "finn\u00e9y").getBytes(UTF_8);
    assertThatThrownBy(() -> parse(utf8))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("offset " + (json.indexOf("finney") + 4) + ": byte 0xc3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "null", "7", "\"x\"", "[]", "{}", "{", "[[[[[[[[[[[[[[[[["})
  void refusesOtherJson(String other) {
    assertThatThrownBy(() -> parse(other.getBytes(UTF_8))).isInstanceOf(SnapshotException.class);
  }

  @Test
  void refusesLongTextsNamesAndNumbers() {
    for (String bad :
        new String[] {
          json.replace("finney", "f".repeat(1_000_000)),
          json.replace("\"network\"", "\"" + "n".repeat(1_000_000) + "\""),
          json.replace("6530367,\"taken", "9".repeat(1_000_000) + ",\"taken")
        }) {
      assertThatThrownBy(() -> parse(bad.getBytes(UTF_8)))
          .isInstanceOf(SnapshotException.class)
          .message()
          .hasSizeLessThan(500);
    }
  }

  @Test
  void refusesMoreThan65536Neurons() {
    String line = json.lines().skip(2).findFirst().orElseThrow();
    StringBuilder many = new StringBuilder(json.lines().findFirst().orElseThrow());
    many.append(line.repeat(65_536)).append(line, 0, line.length() - 1).append("]}");
    assertThatThrownBy(() -> parse(many.toString().getBytes(UTF_8)))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("neurons[65536] (uid 1): more than 65536 neurons");
  }

  @Test
  void refusesAFileOverTheCapWithoutReadingIt() throws Exception {
    Path sparse = folder.resolve("sparse.json");
    try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
      file.setLength(5L << 30);
    }
    assertThatThrownBy(() -> SnapshotFile.read(sparse))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("larger than 67108864 bytes");
  }

  @Test
  void stopsAtTheCapWhenTheSourceGoesOn() {
    byte[] head = json.substring(0, json.indexOf("\"neurons\"")).getBytes(UTF_8);
    try (EndlessSpaces endless = new EndlessSpaces(head)) {
      assertThatThrownBy(() -> SnapshotReader.read(new GuardedBytes(endless, "x"), "x"))
          .isInstanceOf(SnapshotException.class)
          .hasMessageContaining("larger than 67108864 bytes");
    }
  }

  @Test
  void refusesWhatIsNoRegularFile() throws Exception {
    assertThatThrownBy(() -> SnapshotFile.read(folder))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("no file named block-<number>.pt in it");
    assertThatThrownBy(() -> SnapshotFile.read(Path.of("/dev/zero")))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("not a regular file");
    Path link = Files.createSymbolicLink(folder.resolve("link.json"), Path.of("/dev/zero"));
    Path pipe = folder.resolve("pipe.json");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    for (Path endless : List.of(link, pipe)) {
      assertThatThrownBy(() -> SnapshotFile.read(endless))
          .isInstanceOf(SnapshotException.class)
          .hasMessageContaining("not a regular file");
    }
    assertThatThrownBy(() -> SnapshotFile.read(folder.resolve("absent.json")))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("no such file");
  }

  @Test
  @Timeout(60)
  void waitsForNoPipeThatTookTheFilesPlace() throws Exception {
    Path pipe = folder.resolve("swapped.json");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThatThrownBy(() -> RegularFile.opened(pipe, Duration.ofMillis(50)))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("not a regular file: it does not open");
  }

  @Test
  void refusesEveryTruncationWithItsOffset() {
    byte[] bytes = json.getBytes(UTF_8);
    for (int length = 0; length < bytes.length - 1; length++) {
      byte[] head = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> parse(head))
          .as("%d bytes", length)
          .isInstanceOf(SnapshotException.class)
          .hasMessageContaining("offset ");
    }
  }

  @Test
  void makesASnapshotOrARefusalOfAnyMutation() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(20_260_102);
    byte[] bytes = json.getBytes(UTF_8);
    int accepted = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] mutant = mutate(bytes, random);
      try {
        MetagraphSnapshot read = parse(mutant);
        assertThat(read.neurons()).hasSizeLessThanOrEqualTo(snapshot.neurons().size());
        accepted++;
      } catch (SnapshotException refused) {
        assertThat(refused.getMessage()).startsWith("test.json: ").matches("[ -~]*");
      }
    }
    assertThat(accepted).isBetween(100, 15_000);
  }

  private static byte[] mutate(byte[] original, RandomGenerator random) {
    byte[] bytes = original.clone();
    String structure = "{}[]\",:0123456789eE+-.\\u nulltruefalse\n\0";
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.length);
      int other = random.nextInt(bytes.length);
      int length = Math.min(random.nextInt(40), bytes.length - Math.max(at, other));
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) structure.charAt(random.nextInt(structure.length()));
        case 2 -> System.arraycopy(original, other, bytes, at, length);
        default -> Arrays.fill(bytes, at, at + length, (byte) ' ');
      }
    }
    return bytes;
  }

  private static MetagraphSnapshot parse(byte[] bytes) {
    return SnapshotReader.read(
        new GuardedBytes(new ByteArrayInputStream(bytes), "test.json"), "test.json");
  }

  /** A beginning followed by spaces without end. */
  private static final class EndlessSpaces extends ByteArrayInputStream {

    EndlessSpaces(byte[] head) {
      super(head);
    }

    @Override
    public synchronized int read(byte[] buffer, int offset, int length) {
      int read = super.read(buffer, offset, length);
      if (read >= 0) {
        return read;
      }
      Arrays.fill(buffer, offset, offset + length, (byte) ' ');
      return length;
    }

    @Override
    public void close() {}
  }
}
