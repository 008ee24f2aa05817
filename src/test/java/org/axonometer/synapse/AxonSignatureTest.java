package org.axonometer.synapse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.synapse.AxonSignature.Query;
import org.axonometer.synapse.AxonSignature.Verdict;
import org.axonometer.wallet.Hotkey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AxonSignatureTest {
  private static final Hotkey AXON = Hotkey.fromSeed(seed(1));
  private static final Hotkey OTHER = Hotkey.fromSeed(seed(2));
  private static final Ss58Address US = Hotkey.fromSeed(seed(3)).address();
  private static final long SIGNED = 1_795_343_746_668_457_831L;
  private static final Instant ANSWERED =
      Instant.ofEpochSecond(0, SIGNED).plus(Duration.ofSeconds(2));
  private static final Query QUERY = new Query(AXON.address(), US, SIGNED, ANSWERED);

  private static byte[] seed(int n) {
    byte[] seed = new byte[32];
    seed[0] = (byte) n;
    return seed;
  }

  private static Map<String, List<String>> headers(Hotkey by, String message, String nonce) {
    String signature = "0x" + HexFormat.of().formatHex(by.sign(message.getBytes(UTF_8)));
    Map<String, List<String>> headers = new LinkedHashMap<>();
    headers.put("bt_header_axon_nonce", List.of(nonce));
    headers.put("bt_header_axon_uuid", List.of("some-uuid"));
    headers.put("bt_header_axon_signature", List.of(signature));
    return headers;
  }

  private static Map<String, List<String>> signed(Hotkey by, long nonce) {
    return headers(
        by, nonce + "." + US + "." + AXON.address() + ".some-uuid", Long.toString(nonce));
  }

  private static Verdict verdict(Map<String, List<String>> headers) {
    return AxonSignature.check(headers, QUERY, new SeenNonces()).verdict();
  }

  @Test
  void holdsForTheHotkeyThatWasAskedAboutNow() {
    AxonSignature checked =
        AxonSignature.check(signed(AXON, SIGNED + 1_000), QUERY, new SeenNonces());
    assertThat(checked).isEqualTo(new AxonSignature(Verdict.VALID, Long.toString(SIGNED + 1_000)));
  }

  @Test
  void isAbsentWhereNoneIsSent() {
    assertThat(verdict(Map.of())).isEqualTo(Verdict.ABSENT);
    assertThat(verdict(Map.of("bt_header_axon_signature", List.of("")))).isEqualTo(Verdict.ABSENT);
  }

  @Test
  void isInvalidByAnotherKeyForAnotherCallerOrOverAnotherNonce() {
    assertThat(verdict(signed(OTHER, SIGNED))).isEqualTo(Verdict.INVALID);
    assertThat(
            verdict(
                headers(
                    AXON,
                    SIGNED + "." + OTHER.address() + "." + AXON.address() + ".some-uuid",
                    Long.toString(SIGNED))))
        .isEqualTo(Verdict.INVALID);
    Map<String, List<String>> moved = signed(AXON, SIGNED);
    moved.put("bt_header_axon_nonce", List.of(Long.toString(SIGNED + 1)));
    assertThat(verdict(moved)).isEqualTo(Verdict.INVALID);
    Map<String, List<String>> noUuid = signed(AXON, SIGNED);
    noUuid.remove("bt_header_axon_uuid");
    assertThat(verdict(noUuid)).isEqualTo(Verdict.INVALID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"rubbish", "0x", "0xzz", "None", "ab", "\u0000", "99999999999999999999999999"})
  void isInvalidWhenItCannotBeRead(String rubbish) {
    for (String header : signed(AXON, SIGNED).keySet()) {
      Map<String, List<String>> headers = signed(AXON, SIGNED);
      headers.put(header, List.of(rubbish));
      assertThat(verdict(headers)).as(header).isEqualTo(Verdict.INVALID);
    }
  }

  @Test
  void isStaleOutsideOfFourSecondsAroundTheQuery() {
    long second = 1_000_000_000L;
    assertThat(verdict(signed(AXON, SIGNED - 4 * second))).isEqualTo(Verdict.VALID);
    assertThat(verdict(signed(AXON, SIGNED - 4 * second - 1))).isEqualTo(Verdict.STALE);
    assertThat(verdict(signed(AXON, SIGNED + 6 * second))).isEqualTo(Verdict.VALID);
    assertThat(verdict(signed(AXON, SIGNED + 6 * second + 1))).isEqualTo(Verdict.STALE);
    String beyond = "9999999999999999999";
    assertThat(
            verdict(headers(AXON, beyond + "." + US + "." + AXON.address() + ".some-uuid", beyond)))
        .isEqualTo(Verdict.STALE);
  }

  @Test
  void isNeverStaleWithANonceThatTellsNoTime() {
    assertThat(verdict(signed(AXON, 86_400_000_000_000L))).isEqualTo(Verdict.VALID);
  }

  @Test
  void isReplayedWhenTheAxonsNonceWasSeenBefore() {
    SeenNonces seen = new SeenNonces();
    assertThat(AxonSignature.check(signed(AXON, SIGNED), QUERY, seen).verdict())
        .isEqualTo(Verdict.VALID);
    assertThat(AxonSignature.check(signed(AXON, SIGNED + 1), QUERY, seen).verdict())
        .isEqualTo(Verdict.VALID);
    assertThat(AxonSignature.check(signed(AXON, SIGNED), QUERY, seen).verdict())
        .isEqualTo(Verdict.REPLAYED);
  }

  @Test
  void aBadSignatureLeavesNoTrace() {
    SeenNonces seen = new SeenNonces();
    AxonSignature.check(signed(OTHER, SIGNED), QUERY, seen);
    assertThat(AxonSignature.check(signed(AXON, SIGNED), QUERY, seen).verdict())
        .isEqualTo(Verdict.VALID);
  }

  @Test
  void remembersABoundedNumberOfAxonsAndNonces() {
    SeenNonces seen = new SeenNonces();
    for (int n = 0; n <= SeenNonces.MOST_OF_AN_AXON; n++) {
      assertThat(seen.add(US, "n" + n)).isTrue();
    }
    assertThat(seen.add(US, "n" + SeenNonces.MOST_OF_AN_AXON)).isFalse();
    assertThat(seen.add(US, "n0")).isTrue();
    for (int n = 0; n < SeenNonces.MOST_AXONS; n++) {
      byte[] key = new byte[32];
      key[0] = (byte) n;
      key[1] = (byte) (n >> 8);
      key[2] = 1;
      seen.add(Ss58Address.of(key), "x");
    }
    assertThat(seen.add(US, "n0")).isTrue();
  }
}
