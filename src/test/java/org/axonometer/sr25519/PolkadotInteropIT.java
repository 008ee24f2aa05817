package org.axonometer.sr25519;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.axonometer.subnet.Ss58Address;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Our signatures, keys and addresses beside those of polkadot's JavaScript library, in both
 * directions. Runs when {@code axonometer.polkadot} names the folder scripts/interop-polkadot
 * prepares, and leaves its counts and times in that folder's report.txt.
 */
class PolkadotInteropIT {

  private static final int ROUNDS = 20;
  private static final int TIMED_ROUNDS = 2_000;
  private static final HexFormat HEX = HexFormat.of();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> REPORT = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static Peer polkadot;

  @BeforeAll
  static void startPolkadot() throws IOException {
    String folder = System.getProperty("axonometer.polkadot", "");
    assumeTrue(
        !folder.isBlank(),
        "skipped: needs -Daxonometer.polkadot=<folder>; scripts/interop-polkadot prepares it");
    polkadot = Peer.start(Path.of(folder));
  }

  @AfterAll
  static void stopPolkadot() throws IOException {
    if (polkadot != null) {
      polkadot.stop();
      Files.write(polkadot.folder().resolve("report.txt"), REPORT);
    }
  }

  @Test
  void verifiesWhatPolkadotSigns() {
    int accepted = 0;
    int refused = 0;
    for (Case one : cases(1)) {
      byte[] signature =
          HEX.parseHex(
              polkadot
                  .ask("do", "sign", "seed", hex(one.seed), "message", hex(one.message))
                  .get("signature")
                  .asString());
      assertThat(Sr25519.verify(one.publicKey, one.message, signature)).isTrue();
      accepted++;
      assertThat(Sr25519.verify(one.publicKey, flipped(one.message, one.at), signature)).isFalse();
      assertThat(Sr25519.verify(one.publicKey, one.message, flipped(signature, one.at))).isFalse();
      assertThat(Sr25519.verify(flipped(one.publicKey, one.at), one.message, signature)).isFalse();
      refused += 3;
    }
    report(
        "signed by polkadot, verified here: %d accepted, %d altered refused"
            .formatted(accepted, refused));
  }

  @Test
  void signsWhatPolkadotVerifies() {
    int accepted = 0;
    int refused = 0;
    for (Case one : cases(2)) {
      byte[] signature = Sr25519.sign(one.secret, one.publicKey, one.message);
      assertThat(polkadotAccepts(one.publicKey, one.message, signature)).isTrue();
      accepted++;
      assertThat(polkadotAccepts(one.publicKey, flipped(one.message, one.at), signature)).isFalse();
      assertThat(polkadotAccepts(one.publicKey, one.message, flipped(signature, one.at))).isFalse();
      refused += 2;
    }
    report(
        "signed here, verified by polkadot: %d accepted, %d altered refused"
            .formatted(accepted, refused));
  }

  @Test
  void derivesThePublicKeysAndAddressesPolkadotDerives() {
    int same = 0;
    for (Case one : cases(3)) {
      JsonNode key = polkadot.ask("do", "key", "seed", hex(one.seed));
      Ss58Address address = Ss58Address.of(one.publicKey);
      assertThat(key.get("publicKey").asString()).isEqualTo(hex(one.publicKey));
      assertThat(key.get("address").asString()).isEqualTo(address.text());
      assertThat(polkadot.ask("do", "address", "publicKey", hex(one.publicKey)).get("address"))
          .isEqualTo(key.get("address"));
      assertThat(polkadot.ask("do", "publicKey", "address", address.text()).get("publicKey"))
          .isEqualTo(key.get("publicKey"));
      assertThat(new Ss58Address(key.get("address").asString()).publicKey())
          .isEqualTo(one.publicKey);
      same++;
    }
    report("public key from seed and address, both ways: %d the same".formatted(same));
  }

  @Test
  void measuresSigningAndVerifyingBesidePolkadot() {
    Case one = cases(4).getFirst();
    byte[] message = new byte[220];
    byte[] signature = Sr25519.sign(one.secret, one.publicKey, message);
    double sign = medianMicros(() -> Sr25519.sign(one.secret, one.publicKey, message));
    double verify = medianMicros(() -> Sr25519.verify(one.publicKey, message, signature));
    JsonNode there = polkadot.ask("do", "time", "rounds", TIMED_ROUNDS);
    report(
        ("median of %d, 220-byte message: sign %.0f us here, %.0f us polkadot;"
                + " verify %.0f us here, %.0f us polkadot")
            .formatted(
                TIMED_ROUNDS,
                sign,
                there.get("signMicros").asDouble(),
                verify,
                there.get("verifyMicros").asDouble()));
    // Generous: a busy machine must not fail a comparison of bytes.
    assertThat(sign).isLessThan(20_000);
    assertThat(verify).isLessThan(20_000);
  }

  private static boolean polkadotAccepts(byte[] publicKey, byte[] message, byte[] signature) {
    return polkadot
        .ask(
            "do",
            "verify",
            "publicKey",
            hex(publicKey),
            "message",
            hex(message),
            "signature",
            hex(signature))
        .get("valid")
        .asBoolean();
  }

  private static double medianMicros(Runnable action) {
    for (int round = 0; round < TIMED_ROUNDS; round++) {
      action.run();
    }
    long[] nanos = new long[TIMED_ROUNDS];
    for (int round = 0; round < TIMED_ROUNDS; round++) {
      long start = System.nanoTime();
      action.run();
      nanos[round] = System.nanoTime() - start;
    }
    return Arrays.stream(nanos).sorted().skip(TIMED_ROUNDS / 2).findFirst().orElseThrow() / 1_000.0;
  }

  private static List<Case> cases(int seed) {
    Random random = new Random(seed);
    return Stream.generate(() -> new Case(random)).limit(ROUNDS).toList();
  }

  private static void report(String line) {
    REPORT.add(line);
  }

  private static byte[] flipped(byte[] bytes, int at) {
    byte[] changed = bytes.clone();
    changed[at % changed.length] ^= 0x10;
    return changed;
  }

  private static String hex(byte[] bytes) {
    return HEX.formatHex(bytes);
  }

  /** A random key, a random message of 1 to 600 bytes and a place to flip. */
  private static final class Case {
    final byte[] seed = new byte[32];
    final byte[] message;
    final byte[] secret;
    final byte[] publicKey;
    final int at;

    Case(Random random) {
      random.nextBytes(seed);
      message = new byte[1 + random.nextInt(600)];
      random.nextBytes(message);
      secret = Sr25519.expand(seed);
      publicKey = Sr25519.publicKey(secret);
      at = random.nextInt(10_000);
    }
  }

  /** A Node process that answers questions, one JSON line each. */
  private record Peer(Path folder, Process process, Writer questions, BufferedReader answers) {

    static Peer start(Path folder) throws IOException {
      Process process =
          new ProcessBuilder("node", "scripts/interop.d/polkadot.mjs", folder.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      return new Peer(
          folder,
          process,
          process.outputWriter(StandardCharsets.UTF_8),
          process.inputReader(StandardCharsets.UTF_8));
    }

    JsonNode ask(Object... namesAndValues) {
      Map<String, Object> question = new LinkedHashMap<>();
      for (int at = 0; at < namesAndValues.length; at += 2) {
        question.put((String) namesAndValues[at], namesAndValues[at + 1]);
      }
      try {
        questions.write(JSON.writeValueAsString(question) + "\n");
        questions.flush();
        String answer = answers.readLine();
        if (answer == null) {
          throw new IllegalStateException("node ended; its message is in the build's output");
        }
        return JSON.readTree(answer);
      } catch (IOException e) {
        throw new UncheckedIOException("node does not answer; its message is in the output", e);
      }
    }

    void stop() throws IOException {
      questions.close();
      process.destroy();
    }
  }
}
