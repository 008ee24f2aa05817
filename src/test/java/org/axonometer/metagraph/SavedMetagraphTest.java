package org.axonometer.metagraph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.axonometer.testing.SnapshotNeurons.TAKEN_AT;
import static org.axonometer.testing.SnapshotNeurons.notServing;
import static org.axonometer.testing.SnapshotNeurons.serving;
import static org.axonometer.testing.SnapshotNeurons.snapshot;
import static org.axonometer.testing.SnapshotNeurons.validator;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;
import org.axonometer.testing.PickledMetagraph;
import org.axonometer.testing.SharedFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SavedMetagraphTest {

  private static final String SAMPLE =
      "metagraph/sample_save_v10/network-finney/netuid-1/block-6852690.pt";

  @Test
  void readsEveryValueOfAFileTheSdkSaved() {
    Path file = SharedFolder.file(SAMPLE);
    JsonNode expected =
        JsonMapper.shared().readTree(file.resolveSibling("block-6852690.expected.json").toFile());
    MetagraphSnapshot read = SnapshotFile.read(file);

    assertThat(read.network()).isEqualTo(expected.get("network").stringValue());
    assertThat(read.netuid().value()).isEqualTo(expected.get("netuid").intValue());
    assertThat(read.block()).isEqualTo(expected.get("block").longValue());
    assertThat(read.neurons()).hasSize(expected.get("n").intValue());
    assertThat(read.neurons()).hasSize(6);
    for (int i = 0; i < 6; i++) {
      Neuron neuron = read.neurons().get(i);
      JsonNode axon = expected.get("axons").get(i);
      assertThat(neuron.uid().value()).isEqualTo(expected.get("uids").get(i).intValue());
      assertThat(neuron.hotkey().text()).isEqualTo(axon.get("hotkey").stringValue());
      assertThat(neuron.coldkey().text()).isEqualTo(axon.get("coldkey").stringValue());
      assertThat(new AxonAddress(neuron.axonIp()).text()).isEqualTo(axon.get("ip").stringValue());
      assertThat(neuron.axonPort()).isEqualTo(axon.get("port").intValue());
      assertThat(neuron.axonIpType()).isEqualTo(axon.get("ip_type").intValue());
      assertThat(neuron.axonVersion()).isEqualTo(axon.get("version").longValue());
      assertThat(neuron.active()).isEqualTo(expected.get("active").get(i).intValue() == 1);
      assertThat(neuron.validatorPermit())
          .isEqualTo(expected.get("validator_permit").get(i).booleanValue());
      assertThat(neuron.lastUpdate()).isEqualTo(expected.get("last_update").get(i).longValue());
      assertThat(neuron.incentive() / 65_535f)
          .isEqualTo(expected.get("incentive").get(i).floatValue());
      assertThat(neuron.dividends() / 65_535f)
          .isEqualTo(expected.get("dividends").get(i).floatValue());
      assertThat(neuron.consensus() / 65_535f)
          .isEqualTo(expected.get("consensus").get(i).floatValue());
      double stake = expected.get("stake").get(i).doubleValue();
      assertThat(neuron.totalStakeRao().orElseThrow())
          .isEqualTo(BigInteger.valueOf(Math.round(stake * 1e9)));
    }
    assertThat(read.neurons())
        .extracting(Neuron::stakeRao)
        .isEqualTo(
            LongStream.of(2_557_172_316L, 2_739_937_039L, 0, 32_787_516_319L, 0, 0)
                .mapToObj(BigInteger::valueOf)
                .toList());
  }

  @Test
  void decodesTheValuesOfThatFileThatASnapshotDoesNotHaveToo() throws Exception {
    Path file = SharedFolder.file(SAMPLE);
    JsonNode expected =
        JsonMapper.shared().readTree(file.resolveSibling("block-6852690.expected.json").toFile());
    byte[] data = Files.readAllBytes(file);
    PickleValue.Pairs dict = (PickleValue.Pairs) PickleReader.read(data, "sample");
    Set<String> compared = new HashSet<>();
    for (Map.Entry<String, JsonNode> entry : expected.properties()) {
      JsonNode value = entry.getValue();
      if (dict.get(entry.getKey()) instanceof PickleValue.Array array) {
        PickleValue.Array.Content content = array.content().orElseThrow();
        List<Double> wanted =
            value.isArray()
                ? value.valueStream().map(SavedMetagraphTest::number).toList()
                : List.of(number(value));
        assertThat(content.dimensions()).isEqualTo(value.isArray() ? 1 : 0);
        assertThat(elements(data, content)).as(entry.getKey()).isEqualTo(wanted);
        compared.add(entry.getKey());
      }
    }
    assertThat(compared)
        .contains("emission", "validator_trust", "alpha_stake", "tao_stake", "version", "weights")
        .hasSize(expected.size() - 4);
    assertThat(expected.properties().stream().map(Map.Entry::getKey))
        .filteredOn(key -> !compared.contains(key))
        .containsExactlyInAnyOrder("network", "netuid", "axons", "neurons");
    assertThat(dict.get("neurons"))
        .isInstanceOfSatisfying(
            PickleValue.Items.class,
            neurons -> assertThat(neurons.items()).hasSize(expected.get("neurons").intValue()));
  }

  private static double number(JsonNode value) {
    return value.isBoolean() ? (value.booleanValue() ? 1 : 0) : value.doubleValue();
  }

  private static List<Double> elements(byte[] data, PickleValue.Array.Content content) {
    ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    in.position(content.bytes().offset());
    List<Double> elements = new ArrayList<>();
    for (int i = 0; i < content.count(); i++) {
      elements.add(
          switch (content.type()) {
            case I8 -> (double) in.getLong();
            case F4 -> (double) in.getFloat();
            case B1 -> (double) in.get();
            case I4, F8 -> throw new AssertionError(content.type());
          });
    }
    return elements;
  }

  @ParameterizedTest
  @CsvSource({
    "7, 1, 4",
    "7, 1, 5",
    "8, 1, 4",
    "8, 2, 4",
    "8, 2, 5",
    "9, 1, 4",
    "9, 2, 4",
    "9, 2, 5",
    "10, 1, 5",
    "10, 2, 4",
  })
  void readsWhatEveryVersionOfTheSdkSaves(int sdk, int numpy, int protocol) {
    Neuron first =
        serving(0, "203.0.113.7", 65_535)
            .with(Optional.of(BigInteger.valueOf(2_000_000_000)), OptionalLong.empty());
    Neuron second =
        serving(1, "2606:4700::1111", 1)
            .with(Optional.of(BigInteger.valueOf(1_500_000_000)), OptionalLong.empty());
    MetagraphSnapshot read =
        SavedMetagraph.read(
            PickledMetagraph.of(
                snapshot(first, second), new PickledMetagraph.Writer(sdk, numpy, protocol)),
            "x",
            TAKEN_AT,
            null);
    assertThat(read.neurons())
        .usingRecursiveComparison()
        .ignoringFields("axonBlock", "totalStakeRao", "stakeRao")
        .isEqualTo(List.of(first, second));
    // Before 8 a file has no neurons, so only the array tells the stake; before 9 that is no total.
    assertThat(read.neurons())
        .extracting(Neuron::stakeRao)
        .containsExactly(
            BigInteger.valueOf(sdk < 8 ? 2_000_000_000 : 1_000_000_000),
            BigInteger.valueOf(sdk < 8 ? 1_500_000_000 : 1_000_000_000));
    assertThat(read.neurons())
        .extracting(Neuron::totalStakeRao)
        .containsExactly(
            sdk < 9 ? Optional.empty() : first.totalStakeRao(),
            sdk < 9 ? Optional.empty() : second.totalStakeRao());
  }

  @ParameterizedTest
  @CsvSource({"8, 1, 4", "9, 2, 5", "10, 2, 4"})
  void stepsOverWeightsAndBonds(int sdk, int numpy, int protocol) {
    MetagraphSnapshot two = snapshot(serving(0, "203.0.113.7", 1), notServing(9));
    byte[] pickle =
        PickledMetagraph.of(two, new PickledMetagraph.Writer(sdk, numpy, protocol, false));
    assertThat(SavedMetagraph.read(pickle, "x", TAKEN_AT, null).neurons())
        .usingRecursiveComparison()
        .ignoringFields("axonBlock", "totalStakeRao")
        .isEqualTo(two.neurons());
  }

  @Test
  void refusesNumbersOfAnotherByteOrderAndBuffersOutsideTheFile() {
    byte[] pickle = PickledMetagraph.of(snapshot(notServing(0)), 4);
    String text = new String(pickle, StandardCharsets.ISO_8859_1);
    String order = "\214\1<";
    int at = text.indexOf(order);
    byte[] bigEndian = bytes(text.replace(order, "\214\1>"));
    assertThatThrownBy(() -> SavedMetagraph.read(bigEndian, "x.pt", TAKEN_AT, null))
        .isInstanceOf(SnapshotException.class)
        .hasMessageMatching("x\\.pt: byte \\d+: array elements that are not little-endian")
        .satisfies(
            e ->
                assertThat(Integer.parseInt(String.valueOf(e.getMessage()).replaceAll("\\D+", "")))
                    .isBetween(at, at + 40));
    for (int opcode : new int[] {0x97, 0x98}) {
      assertThatThrownBy(
              () ->
                  PickleReader.read(bytes("\200\5\225\2\0\0\0\0\0\0\0" + (char) opcode + "."), "x"))
          .isInstanceOf(SnapshotException.class)
          .hasMessageContaining("x: byte 11: opcode 0x%x has no place", opcode);
    }
  }

  @Test
  void readsTheNewestBlockOfTheSdksFolder() {
    Path file = SharedFolder.file(SAMPLE);
    assertThat(SnapshotFile.read(file.resolveSibling("."))).isEqualTo(SnapshotFile.read(file));
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void readsWhatASnapshotWasSavedAs(int protocol, @TempDir Path folder) throws Exception {
    MetagraphSnapshot written =
        snapshot(
            serving(0, "203.0.113.7", 8091),
            notServing(1),
            serving(2, "2606:4700::1111", 65_535),
            validator(3, BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE).shiftRight(1)));
    Path file = folder.resolve("block-6530367.pt");
    Files.write(file, PickledMetagraph.of(written, protocol));
    Files.setLastModifiedTime(file, FileTime.from(TAKEN_AT));

    MetagraphSnapshot read = SnapshotFile.read(file);
    assertThat(read.takenAt()).isEqualTo(TAKEN_AT);
    assertThat(read.block()).isEqualTo(6_530_367);
    assertThat(read.neurons())
        .usingRecursiveComparison()
        .ignoringFields("axonBlock", "totalStakeRao")
        .isEqualTo(written.neurons());
    assertThat(read.neurons().getFirst().totalStakeRao())
        .contains(BigInteger.valueOf(1_000_000_000));
  }

  @Test
  void takesTheHighestBlockWhateverTheOrderOfNames(@TempDir Path folder) throws Exception {
    Path subnet = Files.createDirectories(folder.resolve("network-finney/netuid-1"));
    for (long block : new long[] {999, 1_000, 99}) {
      MetagraphSnapshot saved =
          MetagraphSnapshot.of(
              "finney",
              new org.axonometer.subnet.NetUid(1),
              block,
              TAKEN_AT,
              java.util.List.of(notServing(0)));
      Files.write(subnet.resolve("block-" + block + ".pt"), PickledMetagraph.of(saved, 4));
    }
    Files.writeString(subnet.resolve("block-5000.pt.tmp"), "not one of them");
    assertThat(SnapshotFile.read(subnet).block()).isEqualTo(1_000);

    Files.write(
        subnet.resolve("block-2000.pt"), Files.readAllBytes(subnet.resolve("block-999.pt")));
    assertThatThrownBy(() -> SnapshotFile.read(subnet))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("holds block 999, its name says 2000");
    assertThatThrownBy(() -> SnapshotFile.read(folder))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("no file named block-<number>.pt");
  }

  @Test
  void neverCallsANetworkByAnotherNameThanItsFile(@TempDir Path folder) throws Exception {
    Path subnet = Files.createDirectories(folder.resolve("network-finney/netuid-1"));
    Path file = subnet.resolve("block-6530367.pt");
    Files.write(file, PickledMetagraph.of(snapshot(notServing(0)), 4));
    assertThatThrownBy(() -> named("test").read(file))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("is of network finney, but test was given");
    assertThatThrownBy(() -> named("test").read(subnet))
        .hasMessageContaining("is of network finney, but test was given");
    assertThat(named("finney").read(file).network()).isEqualTo("finney");

    // The SDK keeps the address of an endpoint it was given instead of a name.
    Files.write(file, PickledMetagraph.of(snapshot(notServing(0)), 4, "ws://10.0.0.1:9944"));
    assertThat(named("finney").read(file).network()).isEqualTo("finney");
    assertThat(named("finney").read(subnet).network()).isEqualTo("finney");
    assertThatThrownBy(() -> SnapshotFile.read(file))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("its network is \"ws://10.0.0.1:9944\", which is no name; give one");
    assertThatThrownBy(() -> named("test").read(subnet))
        .hasMessageContaining("holds network test, its folder's name says finney");
  }

  @Test
  void refusesAFileInTheFolderOfAnotherNetwork(@TempDir Path folder) throws Exception {
    Path subnet = Files.createDirectories(folder.resolve("network-test/netuid-1"));
    Files.write(
        subnet.resolve("block-6530367.pt"), PickledMetagraph.of(snapshot(notServing(0)), 4));
    assertThatThrownBy(() -> SnapshotFile.read(subnet))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("holds network finney, its folder's name says test");
    // What the SDK makes of an endpoint's address is no name.
    Path endpoint =
        Files.createDirectories(folder.resolve("network-ws:/10.0.0.1:9944").resolve("netuid-1"));
    Files.copy(subnet.resolve("block-6530367.pt"), endpoint.resolve("block-6530367.pt"));
    assertThat(SnapshotFile.read(endpoint).network()).isEqualTo("finney");
  }

  private static SnapshotImport named(String network) {
    return new SnapshotImport(
        Optional.of(network),
        Optional.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "os, system, byte 14: name \"os.system\" has no place in a saved metagraph",
    "builtins, eval, byte 18: name \"builtins.eval\"",
    "numpy, load, byte 15: name \"numpy.load\"",
    "bittensor.core.chain_data.axon_info, os, no place",
  })
  void neverLooksUpAnotherName(String module, String name, String reason) {
    byte[] pickle =
        bytes(
            "\200\4\214"
                + (char) module.length()
                + module
                + "\214"
                + (char) name.length()
                + name
                + "\223.");
    assertThatThrownBy(() -> PickleReader.read(pickle, "x.pt"))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "cos\\nsystem\\n. | opcode 0x63 ('c')",
        "ios\\nsystem\\n. | opcode 0x69 ('i')",
        "(o. | opcode 0x6f ('o')",
        "I1\\n. | opcode 0x49 ('I')",
        "P1\\n. | opcode 0x50 ('P')",
        "}. 1 bytes | 1 bytes follow",
      })
  void refusesEveryOpcodeThatIsNotOnItsList(String body, String reason) {
    String code = body.replace("\\n", "\n").replace(" 1 bytes", "x");
    assertThatThrownBy(() -> PickleReader.read(bytes("\200\4" + code), "x.pt"))
        .isInstanceOf(SnapshotException.class)
        .hasMessageStartingWith("x.pt: byte ")
        .hasMessageContaining(reason);
  }

  @Test
  void refusesWhatWouldNeedTooMuchMemoryOrDepth() {
    assertThatThrownBy(() -> PickleReader.read(bytes("\200\4" + "(".repeat(100)), "x"))
        .hasMessageContaining("too deep");
    assertThatThrownBy(() -> PickleReader.read(bytes("\200\4" + "]".repeat(20_000)), "x"))
        .hasMessageContaining("too deep");
    assertThatThrownBy(
            () -> PickleReader.read(bytes("\200\4]" + "]a".repeat(3_000_000) + "."), "x"))
        .hasMessageContaining("bytes of memory");
    assertThatThrownBy(() -> PickleReader.read(bytes("\200\4B\377\377\377\177."), "x"))
        .hasMessageContaining("bytes of 2147483647 bytes, but only 1 follow");
    assertThatThrownBy(() -> PickleReader.read(bytes("\200\3}."), "x"))
        .hasMessageContaining("pickle protocol is 3; 4 and 5 are read");
  }

  @Test
  void nestsWithoutRecursion() {
    assertThat(PickleReader.read(bytes("\200\4)" + "\205".repeat(1_000_000) + "."), "x"))
        .isInstanceOf(PickleValue.Tuple.class);
  }

  @Test
  void saysHowATorchArchiveIsConverted(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("block-5.pt");
    Files.write(file, bytes("PK\3\4" + "\0".repeat(100)));
    assertThatThrownBy(() -> SnapshotFile.read(file))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("unset USE_TORCH and save the metagraph again");
  }

  /** Each character is a byte. */
  private static byte[] bytes(String latin1) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(latin1.getBytes(StandardCharsets.ISO_8859_1));
    return out.toByteArray();
  }
}
