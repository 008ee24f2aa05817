package org.axonometer.metagraph;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.axonometer.testing.SnapshotNeurons.TAKEN_AT;
import static org.axonometer.testing.SnapshotNeurons.hotkey;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import org.axonometer.subnet.NetUid;
import org.axonometer.testing.SharedFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class NeuronsLiteImportTest {

  private static final String MAINNET =
      "metagraph/finney_sn1_block6530367_neurons_lite.decoded.json";

  private static final String ONE =
      """
      [{"hotkey":"%s","coldkey":"%s","uid":3,"netuid":1,"active":true,
      "axon_info":{"block":5,"version":6,"ip":340282366920938463463374607431768211455,"port":7,
      "ip_type":6,"protocol":4,"placeholder1":0,"placeholder2":0,"ip_str":"x"},
      "prometheus_info":{"ip":[{}]},
      "stake":[["a",18446744073709551614],["b",1]],"rank":0,"emission":1,"incentive":2,
      "consensus":3,"trust":0,"dividends":4,"last_update":8,"validator_permit":true,"new":null}]
      """
          .formatted(hotkey(3), hotkey(4));

  @ParameterizedTest
  @CsvSource({
    "finney_sn1_block6530367, finney, 1, 6530367, 1024, 1020",
    "devnet_sn1_block3264143, devnet, 1, 3264143, 1, 0",
    "legacy_netuid23, finney, 23, 3264143, 19, 5"
  })
  void keepsEveryValueOfARecordedList(
      String recording, String network, int netuid, long block, int count, int serving) {
    Path file = SharedFolder.file("metagraph").resolve(fileName(recording));
    MetagraphSnapshot snapshot =
        new NeuronsLiteImport(network, new NetUid(netuid), block, TAKEN_AT).read(file);

    JsonNode expected = JsonMapper.shared().readTree(file.toFile());
    assertThat(snapshot.network()).isEqualTo(network);
    assertThat(snapshot.block()).isEqualTo(block);
    assertThat(snapshot.neurons()).hasSize(count).hasSameSizeAs(expected);
    assertThat(snapshot.neurons().stream().filter(n -> n.endpoint().isPresent())).hasSize(serving);
    for (int i = 0; i < count; i++) {
      assertSame(snapshot.neurons().get(i), expected.get(i));
    }
  }

  @Test
  void readsBackAnImportAsWritten(@TempDir Path folder) {
    Path list = SharedFolder.file(MAINNET);
    MetagraphSnapshot snapshot =
        new NeuronsLiteImport("finney", new NetUid(1), 6_530_367, TAKEN_AT).read(list);
    Path file = folder.resolve("finney-1.json");
    SnapshotFile.write(snapshot, file);
    assertThat(SnapshotFile.read(file)).isEqualTo(snapshot);
  }

  @Test
  void addsUpTheStakeListAndSkipsWhatItDoesNotNeed() {
    Neuron neuron = read(ONE).neurons().getFirst();
    assertThat(neuron.stakeRao()).isEqualTo(new BigInteger("18446744073709551615"));
    assertThat(neuron.axonIp()).isEqualTo(BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE));
    assertThat(neuron.axonPort()).isEqualTo(7);
    assertThat(neuron.validatorPermit()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"netuid\":1 | \"netuid\":2 | (uid 3): netuid is 2, the import is of netuid 1",
        "[\"b\",1] | [\"b\",2] | stake in rao must be 0..2^64-1",
        "[\"b\",1] | [\"b\",-1] | stake: every item must be a pair",
        "[\"b\",1] | [\"b\",1,1] | expected a pair",
        "[\"b\",1] | [\"b\"] | stake: every item must be a pair",
        "[\"b\",1] | 7 | expected a list of at most 65536 pairs",
        "768211455 | 768211456 | ip must be an integer 0..2^128-1",
        "\"port\":7 | \"port\":65536 | port must be an integer 0..65535",
        "\"uid\":3 | \"uid\":3,\"uid\":3 | Duplicate",
        "\"new\":null | \"new\":1,\"new\":2 | Duplicate",
        "\"uid\":3, | \"u\":3, | key \"uid\" is missing",
        "\"ip\":[{}] | \"ip\":[[[[[[[[[[]]]]]]]]]] | nesting",
        "null}] | null}]] | offset",
        "null}] | null}] 1 | nothing may follow the end",
        "null}] | null} | offset",
      })
  void refusesAListThatIsWrong(String good, String bad, String reason) {
    assertThat(ONE).contains(good);
    assertThatThrownBy(() -> read(ONE.replace(good, bad)))
        .isInstanceOf(SnapshotException.class)
        .hasMessageStartingWith("list.json: ")
        .hasMessageContaining(reason);
  }

  @Test
  void refusesARecordedListUnderAnotherNetuid() {
    Path list = SharedFolder.file(MAINNET);
    NeuronsLiteImport other = new NeuronsLiteImport("finney", new NetUid(3), 6_530_367, TAKEN_AT);
    assertThatThrownBy(() -> other.read(list))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("netuid is 1, the import is of netuid 3");
  }

  private static void assertSame(Neuron neuron, JsonNode expected) {
    JsonNode axon = expected.get("axon_info");
    BigInteger stake = BigInteger.ZERO;
    for (JsonNode pair : expected.get("stake")) {
      stake = stake.add(pair.get(1).bigIntegerValue());
    }
    assertThat(neuron.uid().value()).isEqualTo(expected.get("uid").intValue());
    assertThat(neuron.hotkey().text()).isEqualTo(expected.get("hotkey").stringValue());
    assertThat(neuron.coldkey().text()).isEqualTo(expected.get("coldkey").stringValue());
    assertThat(neuron.axonIp()).isEqualTo(axon.get("ip").bigIntegerValue());
    assertThat(new AxonAddress(neuron.axonIp()).text()).isEqualTo(axon.get("ip_str").stringValue());
    assertThat(neuron.axonIpType()).isEqualTo(axon.get("ip_type").intValue());
    assertThat(neuron.axonPort()).isEqualTo(axon.get("port").intValue());
    assertThat(neuron.axonVersion()).isEqualTo(axon.get("version").longValue());
    assertThat(neuron.axonBlock()).isEqualTo(axon.get("block").longValue());
    assertThat(neuron.stakeRao()).isEqualTo(stake);
    assertThat(neuron.active()).isEqualTo(expected.get("active").booleanValue());
    assertThat(neuron.validatorPermit()).isEqualTo(expected.get("validator_permit").booleanValue());
    assertThat(neuron.incentive()).isEqualTo(expected.get("incentive").intValue());
    assertThat(neuron.dividends()).isEqualTo(expected.get("dividends").intValue());
    assertThat(neuron.consensus()).isEqualTo(expected.get("consensus").intValue());
    assertThat(neuron.lastUpdate()).isEqualTo(expected.get("last_update").longValue());
  }

  private static String fileName(String recording) {
    String form = recording.startsWith("legacy") ? "_neurons_lite_vec_u8" : "_neurons_lite";
    return recording + form + ".decoded.json";
  }

  private static MetagraphSnapshot read(String list) {
    return new NeuronsLiteImport("finney", new NetUid(1), 6_530_367, TAKEN_AT)
        .read(
            new GuardedBytes(new ByteArrayInputStream(list.getBytes(US_ASCII)), "list.json"),
            "list.json");
  }
}
