package org.axonometer.sr25519;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cafe.cryptography.curve25519.Scalar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.axonometer.testing.SharedFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The fixed signatures were made with polkadot's util-crypto 13.5.9, whose core is schnorrkel. */
class Sr25519Test {

  private static final byte[] SEED = counting(32, 1);
  private static final byte[] SECRET = Sr25519.expand(SEED);
  private static final byte[] PUBLIC_KEY =
      hex("10c68432943c68a6e1be650818b5e08db79e57823de9f34df7ba36d404d91e1d");
  private static final byte[] MESSAGE = "axonometer".getBytes(UTF_8);
  private static final byte[] SIGNATURE =
      hex(
          "78f9cbe0375b2bfdef3ce98cc5f5d6fb63a62a12a504d6ff9bdf806d726a5b4b"
              + "f1c3933fc01a9eeef6883333833ab7025d226819715c997f6324159a41f13880");
  private static final byte[] WRAPPED_SIGNATURE =
      hex(
          "2c5fc7ed1022d7a9703e9b39eba59d1fa60928f482b5b4c7ca114b18859df037"
              + "58bebbae9a3b97579de2dfcf52f2874a1b9375614451b75b945cb9451fc1bc8b");
  private static final byte[] ORDER =
      hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

  @Test
  void expandsASeedToTheCanonicalSecret() {
    assertThat(SECRET)
        .isEqualTo(
            hex(
                "0eef5183411d40c32446bb1cbaabd70004a17af6012a577c735d054f04059208"
                    + "573dfc9b6ffeb1c786a16349e70f9836876a743c31c0a7a2a70727a852eec372"));
    assertThat(Sr25519.publicKey(SECRET)).isEqualTo(PUBLIC_KEY);
  }

  @Test
  void acceptsSignaturesMadeElsewhere() {
    assertThat(Sr25519.verify(PUBLIC_KEY, MESSAGE, SIGNATURE)).isTrue();
    byte[] long500 = new byte[500];
    for (int at = 0; at < long500.length; at++) {
      long500[at] = (byte) (at % 251);
    }
    assertThat(
            Sr25519.verify(
                PUBLIC_KEY,
                long500,
                hex(
                    "0258436178621db7d1c77a761b71654d52161ecfe6563a4460111f1ec97b0806"
                        + "673f5e76003333df5755c79b7e8db444680cdbc4322da6e0e7d4c2452ed1f885")))
        .isTrue();
    assertThat(
            Sr25519.verify(
                PUBLIC_KEY,
                new byte[0],
                hex(
                    "8e2c2d611d96bc902319db802057e4c21f471f44bcb6f449ca35fb106204a649"
                        + "d75cc4fdb3f920901da0dd99c481c577077af360949b8fbe8369491679849f8e")))
        .isTrue();
  }

  @Test
  void acceptsTheWrappedFormOnlyWhereAskedTo() {
    assertThat(Sr25519.verify(PUBLIC_KEY, MESSAGE, WRAPPED_SIGNATURE)).isFalse();
    assertThat(Sr25519.verifyEither(PUBLIC_KEY, MESSAGE, WRAPPED_SIGNATURE)).isTrue();
    assertThat(Sr25519.verifyEither(PUBLIC_KEY, MESSAGE, SIGNATURE)).isTrue();
    assertThat(Sr25519.verifyEither(PUBLIC_KEY, new byte[] {1}, SIGNATURE)).isFalse();
  }

  @Test
  void acceptsItsOwnSignaturesAndRandomisesThem() {
    Random random = new Random(25519);
    for (int round = 0; round < 50; round++) {
      byte[] seed = new byte[32];
      byte[] message = new byte[random.nextInt(600)];
      random.nextBytes(seed);
      random.nextBytes(message);
      byte[] secret = Sr25519.expand(seed);
      byte[] publicKey = Sr25519.publicKey(secret);
      byte[] signature = Sr25519.sign(secret, publicKey, message);
      assertThat(signature).hasSize(64);
      assertThat(signature[63] & 0x80).isEqualTo(0x80);
      assertThat(Sr25519.verify(publicKey, message, signature)).isTrue();
      assertThat(Sr25519.sign(secret, publicKey, message)).isNotEqualTo(signature);
    }
  }

  @Test
  void neverReusesAOneTimeScalarForTwoMessagesEvenWithoutRandomness() {
    byte[] one = Sr25519.sign(SECRET, PUBLIC_KEY, new byte[] {1}, new byte[32]);
    byte[] same = Sr25519.sign(SECRET, PUBLIC_KEY, new byte[] {1}, new byte[32]);
    byte[] other = Sr25519.sign(SECRET, PUBLIC_KEY, new byte[] {2}, new byte[32]);
    byte[] otherKey = Sr25519.sign(SECRET, new byte[32], new byte[] {1}, new byte[32]);
    assertThat(same).isEqualTo(one);
    assertThat(Arrays.copyOf(other, 32)).isNotEqualTo(Arrays.copyOf(one, 32));
    assertThat(Arrays.copyOf(otherKey, 32)).isNotEqualTo(Arrays.copyOf(one, 32));
  }

  @Test
  void leavesItsArgumentsAlone() {
    byte[] secret = SECRET.clone();
    byte[] publicKey = PUBLIC_KEY.clone();
    byte[] message = MESSAGE.clone();
    byte[] signature = Sr25519.sign(secret, publicKey, message);
    byte[] kept = signature.clone();
    assertThat(Sr25519.verify(publicKey, message, signature)).isTrue();
    assertThat(secret).isEqualTo(SECRET);
    assertThat(publicKey).isEqualTo(PUBLIC_KEY);
    assertThat(message).isEqualTo(MESSAGE);
    assertThat(signature).isEqualTo(kept);
  }

  @Test
  void refusesEveryFlippedBit() {
    for (int bit = 0; bit < 64 * 8; bit++) {
      assertThat(Sr25519.verify(PUBLIC_KEY, MESSAGE, flipped(SIGNATURE, bit))).isFalse();
    }
    for (int bit = 0; bit < 32 * 8; bit++) {
      assertThat(Sr25519.verify(flipped(PUBLIC_KEY, bit), MESSAGE, SIGNATURE)).isFalse();
    }
    for (int bit = 0; bit < MESSAGE.length * 8; bit++) {
      assertThat(Sr25519.verify(PUBLIC_KEY, flipped(MESSAGE, bit), SIGNATURE)).isFalse();
    }
  }

  @Test
  void refusesTheSameScalarPlusTheGroupOrder() {
    byte[] scalar = Arrays.copyOfRange(SIGNATURE, 32, 64);
    scalar[31] &= 0x7f;
    byte[] raised = SIGNATURE.clone();
    int carry = 0;
    for (int at = 0; at < 32; at++) {
      carry += (scalar[at] & 0xff) + (ORDER[at] & 0xff);
      raised[32 + at] = (byte) carry;
      carry >>>= 8;
    }
    assertThat(Scalar.fromBytesModOrder(Arrays.copyOfRange(raised, 32, 64)).toByteArray())
        .isEqualTo(scalar);
    raised[63] |= (byte) 0x80;
    assertThat(Sr25519.verify(PUBLIC_KEY, MESSAGE, raised)).isFalse();
  }

  @Test
  void refusesTheIdentityAsKeyOrCommitmentAndTheZeroSignature() {
    byte[] marked = new byte[64];
    marked[63] = (byte) 0x80;
    assertThat(Sr25519.verify(new byte[32], MESSAGE, marked)).isFalse();
    assertThat(Sr25519.verify(PUBLIC_KEY, MESSAGE, marked)).isFalse();
    assertThat(Sr25519.verify(PUBLIC_KEY, MESSAGE, new byte[64])).isFalse();
    // With the identity as key, R = s*B would pass for every message.
    byte[] forged = Arrays.copyOf(PUBLIC_KEY, 64);
    System.arraycopy(SECRET, 0, forged, 32, 32);
    forged[63] |= (byte) 0x80;
    assertThat(Sr25519.verify(new byte[32], MESSAGE, forged)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // p, that is 0
        "efffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // p + 2
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000", // negative
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f" // -1, y = 0
      })
  void refusesAKeyThatIsNotACanonicalPoint(String key) {
    assertThat(Sr25519.verify(hex(key), MESSAGE, SIGNATURE)).isFalse();
    byte[] commitment = SIGNATURE.clone();
    System.arraycopy(hex(key), 0, commitment, 0, 32);
    assertThat(Sr25519.verify(PUBLIC_KEY, MESSAGE, commitment)).isFalse();
  }

  @Test
  void neverThrowsOnHostileBytes() {
    Random random = new Random(3);
    for (int round = 0; round < 3_000; round++) {
      byte[] key = new byte[round % 3 == 0 ? random.nextInt(70) : 32];
      byte[] signature = new byte[round % 5 == 0 ? random.nextInt(130) : 64];
      random.nextBytes(key);
      random.nextBytes(signature);
      assertThat(Sr25519.verifyEither(key, MESSAGE, signature)).isFalse();
    }
  }

  @Test
  void refusesSecretsOfAnotherFormWithoutRepeatingThem() {
    byte[] timesEight =
        hex(
            "70788f1a0cea001a2631dae5d05dbd062008d5b30f50b9e29beb2a7822289044"
                + "573dfc9b6ffeb1c786a16349e70f9836876a743c31c0a7a2a70727a852eec372");
    assertThatThrownBy(() -> Sr25519.publicKey(timesEight))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("polkadot-js")
        .hasMessageNotContaining("70788f");
    assertThatThrownBy(() -> Sr25519.expand(new byte[31])).hasMessageContaining("31");
    assertThatThrownBy(() -> Sr25519.sign(new byte[32], PUBLIC_KEY, MESSAGE))
        .hasMessageContaining("must have 64 bytes");
    assertThatThrownBy(() -> Sr25519.sign(SECRET, new byte[33], MESSAGE))
        .hasMessageContaining("must have 32 bytes");
  }

  @Test
  void agreesWithTheRecordedVectors() throws IOException {
    Path file = SharedFolder.file("vectors/wallet.json");
    JsonNode vectors = new ObjectMapper().readTree(file.toFile());
    for (JsonNode key : vectors.get("keys")) {
      byte[] secret = Sr25519.expand(hex(key.get("secretSeed").asString()));
      assertThat(secret).isEqualTo(hex(key.get("privateKey_canonical").asString()));
      assertThat(Sr25519.publicKey(secret)).isEqualTo(hex(key.get("publicKey").asString()));
    }
    assertThat(vectors.get("sr25519_signatures").size()).isPositive();
    for (JsonNode signed : vectors.get("sr25519_signatures")) {
      byte[] publicKey = hex(signed.get("publicKey").asString());
      byte[] message = signed.get("message").asString().getBytes(UTF_8);
      byte[] signature = hex(signed.get("signature").asString());
      assertThat(Sr25519.verify(publicKey, message, signature))
          .isEqualTo(signed.get("pjs_raw_verify").asBoolean());
      assertThat(Sr25519.verifyEither(publicKey, message, signature))
          .isEqualTo(signed.get("substrate_keypair_verify").asBoolean());
    }
  }

  private static byte[] flipped(byte[] bytes, int bit) {
    byte[] changed = bytes.clone();
    changed[bit / 8] ^= (byte) (1 << (bit % 8));
    return changed;
  }

  private static byte[] counting(int length, int first) {
    byte[] bytes = new byte[length];
    for (int at = 0; at < length; at++) {
      bytes[at] = (byte) (first + at);
    }
    return bytes;
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.startsWith("0x") ? text.substring(2) : text);
  }
}
