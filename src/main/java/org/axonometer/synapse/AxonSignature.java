package org.axonometer.synapse;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.axonometer.sr25519.Sr25519;
import org.axonometer.subnet.Ss58Address;
import org.jspecify.annotations.Nullable;

/**
 * The signature an axon puts into its answer's headers: by its hotkey, over its own nonce, our
 * hotkey, its hotkey as we named it, and its uuid (protocol 4.2). Of the answer it covers nothing;
 * {@code docs/axon-signatures.md} says what it proves.
 *
 * @param nonce the axon's, decimal digits; null when it names none
 */
public record AxonSignature(Verdict verdict, @Nullable String nonce) {

  /** What checking it gives. */
  public enum Verdict {
    /** Made by the hotkey that was asked, for us, about now or at a time it does not tell. */
    VALID,
    /** Not made by that hotkey over those words, or not readable. */
    INVALID,
    /** Made by that hotkey for us, at another time than this query's. */
    STALE,
    /** Made by that hotkey for us and seen in an earlier answer. */
    REPLAYED,
    /** Not sent. */
    ABSENT
  }

  /**
   * What an axon's clock and ours may differ by: the window an axon itself grants a nonce beside
   * the timeout.
   */
  static final Duration CLOCK_DELTA = Duration.ofSeconds(4);

  /**
   * Smaller nonces are nanoseconds since some start, as SDKs before 7.2 count, and tell no time: 48
   * years of running would be needed to reach it. The signature covers the nonce, so nobody but the
   * axon chooses its kind.
   */
  private static final long LEAST_UNIX_NANOS = 1_500_000_000_000_000_000L;

  private static final Pattern NONCE = Pattern.compile("[0-9]{1,19}");
  private static final Pattern SIGNATURE = Pattern.compile("0x[0-9a-fA-F]{128}");
  private static final int UUID_CHARACTERS = 200;

  /**
   * Between whom and when the query was.
   *
   * @param axon the hotkey that was asked
   * @param dendrite ours
   * @param signedNanos when the query was signed, epoch nanoseconds
   */
  public record Query(
      Ss58Address axon, Ss58Address dendrite, long signedNanos, Instant answeredAt) {}

  /**
   * Checks the signature in an answer's headers; about 0.2 ms where there is one. Never throws on
   * hostile headers.
   */
  public static AxonSignature check(
      Map<String, List<String>> headers, Query query, SeenNonces seen) {
    ReplyHeaders received = new ReplyHeaders(headers);
    String signature = received.first("bt_header_axon_signature");
    String nonce = received.first("bt_header_axon_nonce");
    String uuid = received.first("bt_header_axon_uuid");
    String readable = nonce != null && NONCE.matcher(nonce).matches() ? nonce : null;
    if (signature == null || signature.isEmpty()) {
      return new AxonSignature(Verdict.ABSENT, readable);
    }
    if (readable == null
        || uuid == null
        || uuid.length() > UUID_CHARACTERS
        || !SIGNATURE.matcher(signature).matches()
        || !isSigned(readable, uuid, signature, query)) {
      return new AxonSignature(Verdict.INVALID, readable);
    }
    if (!seen.add(query.axon(), readable)) {
      return new AxonSignature(Verdict.REPLAYED, readable);
    }
    return new AxonSignature(
        isOfAnotherTime(readable, query) ? Verdict.STALE : Verdict.VALID, readable);
  }

  private static boolean isSigned(String nonce, String uuid, String signature, Query query) {
    String message = nonce + "." + query.dendrite() + "." + query.axon() + "." + uuid;
    return Sr25519.verifyEither(
        query.axon().publicKey(),
        message.getBytes(UTF_8),
        HexFormat.of().parseHex(signature.substring(2)));
  }

  private static boolean isOfAnotherTime(String digits, Query query) {
    if (digits.compareTo(Long.toString(Long.MAX_VALUE)) > 0 && digits.length() == 19) {
      return true;
    }
    long nanos = Long.parseLong(digits);
    Instant answered = query.answeredAt().plus(CLOCK_DELTA);
    long latest = answered.getEpochSecond() * 1_000_000_000L + answered.getNano();
    return nanos >= LEAST_UNIX_NANOS
        && (nanos < query.signedNanos() - CLOCK_DELTA.toNanos() || nanos > latest);
  }
}
