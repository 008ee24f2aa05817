package org.axonometer.mockaxons;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.axonometer.subnet.Uid;
import org.axonometer.wallet.Hotkey;
import org.junit.jupiter.api.Test;

class VerificationTest {
  private static final Instant NOW = Instant.parse("2026-11-02T10:00:00Z");
  private static final long NOW_NANOS = NOW.getEpochSecond() * 1_000_000_000L;
  private static final String TOO_OLD_A_NEWER =
      "Not Verified with error: Nonce is too old, a newer one was last processed";

  private final Hotkey caller = new ParkKeys(1).validator();
  private final Hotkey axon = new ParkKeys(1).axon(new Uid(1));
  private final Verification verification =
      new Verification(axon.address(), Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void acceptsAFirstNonceYoungerThanFourSecondsAndTheTimeout() {
    assertThat(verdict(query(NOW_NANOS - 15_900_000_000L).signed())).isEqualTo("verified");
    assertThat(verdict(query(NOW_NANOS - 16_000_000_000L).signed()))
        .isEqualTo(
            "Not Verified with error: Nonce is too old: acceptable delta is 16.00 seconds"
                + " but request was 16.00 seconds old");
  }

  @Test
  void countsAMissingTimeoutAsNone() {
    HandMadeQuery query = query(NOW_NANOS - 5_000_000_000L).without("timeout").signed();

    assertThat(verdict(query)).contains("acceptable delta is 4.00 seconds");
  }

  @Test
  void acceptsAnyFirstNonceOfAnOldOrUnnamedVersion() {
    assertThat(verdict(query(5).with("bt_header_dendrite_version", "7001999").signed()))
        .isEqualTo("verified");
    assertThat(verdict(query(5).without("bt_header_dendrite_version").signed()))
        .isEqualTo("verified");
  }

  @Test
  void wantsRisingNoncesOfOneUuidOnly() {
    assertThat(verdict(withUuid(NOW_NANOS + 7, "a"))).isEqualTo("verified");
    assertThat(verdict(withUuid(NOW_NANOS + 7, "a"))).isEqualTo(TOO_OLD_A_NEWER);
    assertThat(verdict(withUuid(NOW_NANOS + 6, "a"))).isEqualTo(TOO_OLD_A_NEWER);
    assertThat(verdict(withUuid(NOW_NANOS + 6, "b"))).isEqualTo("verified");
    assertThat(verdict(withUuid(NOW_NANOS + 8, "a"))).isEqualTo("verified");
  }

  @Test
  void doesNotRememberTheNonceOfAForgery() {
    HandMadeQuery forged = withUuid(NOW_NANOS + 9, "a").signed("something else");

    assertThat(verdict(forged)).contains("Signature mismatch with " + forged.message() + " and 0x");
    assertThat(verdict(withUuid(NOW_NANOS + 1, "a"))).isEqualTo("verified");
  }

  @Test
  void acceptsAWrappedMessage() {
    HandMadeQuery query = query(NOW_NANOS);

    assertThat(verdict(query.signed("<Bytes>" + query.message() + "</Bytes>")))
        .isEqualTo("verified");
  }

  @Test
  void refusesWhatIsMissingOrMisshapen() {
    assertThat(verdict(query(NOW_NANOS).signed().without("bt_header_dendrite_hotkey")))
        .contains("No SS58 formatted address or public key provided");
    assertThat(verdict(query(NOW_NANOS).signed().with("bt_header_dendrite_hotkey", "5Nobody")))
        .startsWith("Not Verified with error: ");
    assertThat(verdict(query(NOW_NANOS).signed().without("bt_header_dendrite_nonce")))
        .isEqualTo("Not Verified with error: Missing Nonce");
    assertThat(verdict(query(NOW_NANOS).with("bt_header_dendrite_signature", "00")))
        .startsWith("Not Verified with error: ");
    assertThat(verdict(query(NOW_NANOS).with("bt_header_dendrite_signature", "0xzz")))
        .contains("Signature mismatch");
    assertThat(verdict(query(NOW_NANOS).signed().without("bt_header_dendrite_signature")))
        .startsWith("Not Verified with error: ");
  }

  @Test
  void refusesAMessageForAnotherAxon() {
    Hotkey other = new ParkKeys(1).axon(new Uid(2));

    assertThat(verdict(HandMadeQuery.ping(caller, other.address()))).contains("Signature mismatch");
  }

  private HandMadeQuery query(long nonceNanos) {
    return HandMadeQuery.ping(caller, axon.address())
        .with("bt_header_dendrite_nonce", Long.toString(nonceNanos));
  }

  private HandMadeQuery withUuid(long nonceNanos, String uuid) {
    return query(nonceNanos).with("bt_header_dendrite_uuid", uuid).signed();
  }

  private String verdict(HandMadeQuery query) {
    try {
      verification.check(HeaderSynapse.read(ServedSynapse.SYNAPSE, query.headers()));
      return "verified";
    } catch (RefusedQuery e) {
      return e.text();
    }
  }
}
