package org.axonometer.sr25519;

import cafe.cryptography.curve25519.CompressedRistretto;
import cafe.cryptography.curve25519.Constants;
import cafe.cryptography.curve25519.InvalidEncodingException;
import cafe.cryptography.curve25519.RistrettoElement;
import cafe.cryptography.curve25519.Scalar;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Signing and verifying in the context {@code substrate}, byte for byte as schnorrkel 0.11 does.
 *
 * <p>What touches a secret runs in time that does not depend on it (fixed-base table with
 * constant-time look-ups, arithmetic without branches). Arrays made here with secret content are
 * overwritten. The curve library, whose scalars are immutable and live until the collector reuses
 * their memory, verifies and is given nothing secret. Thread-safe.
 */
public final class Sr25519 {

  private static final int SEED_BYTES = 32;
  private static final int SECRET_BYTES = 64;
  private static final int KEY_BYTES = 32;
  private static final int SIGNATURE_BYTES = 64;

  /** The top bit of the last byte tells an sr25519 signature from an ed25519 one. */
  private static final int MARK = 0x80;

  private static final byte[] WRAP_START = "<Bytes>".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] WRAP_END = "</Bytes>".getBytes(StandardCharsets.US_ASCII);

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final MerlinTranscript SUBSTRATE = substrate();

  private Sr25519() {}

  /**
   * The 64-byte secret (scalar 32 | nonce 32, canonical schnorrkel form) of a 32-byte mini secret
   * (seed).
   */
  public static byte[] expand(byte[] seed) {
    requireLength("seed", seed, SEED_BYTES);
    byte[] secret = sha512(seed);
    secret[0] &= (byte) 0xf8;
    secret[31] &= 0x3f;
    secret[31] |= 0x40;
    divideByCofactor(secret);
    return secret;
  }

  /** The 32-byte public key of a 64-byte secret. */
  public static byte[] publicKey(byte[] secret) {
    requireLength("secret", secret, SECRET_BYTES);
    byte[] key = scalarOf(secret);
    byte[] publicKey = BasePoint.times(key);
    wipe(key);
    return publicKey;
  }

  /**
   * A 64-byte signature; randomised, so two signatures of one message differ.
   *
   * @param secret canonical form as from {@link #expand}
   * @param publicKey the secret's own; a wrong one gives a signature nobody accepts but reveals
   *     nothing, because the one-time scalar is drawn after the key went into the transcript
   */
  public static byte[] sign(byte[] secret, byte[] publicKey, byte[] message) {
    byte[] random = new byte[32];
    RANDOM.nextBytes(random);
    return sign(secret, publicKey, message, random);
  }

  /**
   * Whether the signature is of this message by this key. Never throws on hostile bytes. False for
   * an unmarked signature, a scalar or point that is not in its one canonical form, and the
   * identity as key or commitment: with it as key, anyone could sign anything.
   */
  public static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
    if (publicKey.length != KEY_BYTES
        || signature.length != SIGNATURE_BYTES
        || (signature[63] & MARK) == 0) {
      return false;
    }
    byte[] commitment = Arrays.copyOf(signature, 32);
    byte[] scalar = Arrays.copyOfRange(signature, 32, 64);
    scalar[31] &= (byte) ~MARK;
    if (isZero(publicKey) || isZero(commitment)) {
      return false;
    }
    Scalar response;
    RistrettoElement key;
    try {
      response = Scalar.fromCanonicalBytes(scalar);
      key = new CompressedRistretto(publicKey.clone()).decompress();
    } catch (InvalidEncodingException | IllegalArgumentException _) {
      return false;
    }
    Scalar challenge =
        Scalar.fromCanonicalBytes(challenge(transcript(publicKey, message), commitment));
    RistrettoElement expected =
        Constants.RISTRETTO_GENERATOR_TABLE.multiply(response).subtract(key.multiply(challenge));
    // An encoding that is not canonical cannot equal the canonical one made here.
    return Arrays.equals(expected.compress().toByteArray(), commitment);
  }

  /**
   * Whether the signature is of this message or of {@code <Bytes>message</Bytes>}, the form wallets
   * in browsers sign; axons accept both. Never throws on hostile bytes.
   */
  public static boolean verifyEither(byte[] publicKey, byte[] message, byte[] signature) {
    return verify(publicKey, message, signature) || verify(publicKey, wrapped(message), signature);
  }

  /** As {@link #sign(byte[], byte[], byte[])} with 32 given random bytes, which are wiped. */
  static byte[] sign(byte[] secret, byte[] publicKey, byte[] message, byte[] random) {
    requireLength("secret", secret, SECRET_BYTES);
    requireLength("public key", publicKey, KEY_BYTES);
    byte[] key = scalarOf(secret);
    byte[] nonce = Arrays.copyOfRange(secret, 32, SECRET_BYTES);
    MerlinTranscript transcript = transcript(publicKey, message);
    byte[] oneTimeBytes = transcript.witness("signing", nonce, random, 64);
    byte[] oneTime = ScalarMath.reduce(oneTimeBytes);
    wipe(nonce, random, oneTimeBytes);
    byte[] commitment = BasePoint.times(oneTime);
    byte[] response = ScalarMath.multiplyAdd(challenge(transcript, commitment), key, oneTime);
    wipe(key, oneTime);
    byte[] signature = Arrays.copyOf(commitment, SIGNATURE_BYTES);
    System.arraycopy(response, 0, signature, 32, 32);
    signature[63] |= (byte) MARK;
    return signature;
  }

  private static MerlinTranscript substrate() {
    MerlinTranscript transcript = MerlinTranscript.of("SigningContext");
    transcript.append("", "substrate".getBytes(StandardCharsets.US_ASCII));
    return transcript;
  }

  private static MerlinTranscript transcript(byte[] publicKey, byte[] message) {
    MerlinTranscript transcript = SUBSTRATE.copy();
    transcript.append("sign-bytes", message);
    transcript.append("proto-name", "Schnorr-sig".getBytes(StandardCharsets.US_ASCII));
    transcript.append("sign:pk", publicKey);
    return transcript;
  }

  private static byte[] challenge(MerlinTranscript transcript, byte[] commitment) {
    transcript.append("sign:R", commitment);
    return ScalarMath.reduce(transcript.challenge("sign:c", 64));
  }

  /** A copy of the key, for the caller to wipe. */
  private static byte[] scalarOf(byte[] secret) {
    byte[] scalar = Arrays.copyOf(secret, 32);
    if (!ScalarMath.isCanonical(scalar)) {
      wipe(scalar);
      throw new IllegalArgumentException(
          "secret's scalar is not canonical; is it in polkadot-js form (times eight)?");
    }
    return scalar;
  }

  private static void wipe(byte[]... arrays) {
    for (byte[] array : arrays) {
      Arrays.fill(array, (byte) 0);
    }
  }

  /** Shifts the clamped scalar in the first 32 bytes, a multiple of 8, right by three bits. */
  private static void divideByCofactor(byte[] secret) {
    int carried = 0;
    for (int at = 31; at >= 0; at--) {
      int whole = secret[at] & 0xff;
      secret[at] = (byte) (whole >>> 3 | carried);
      carried = whole << 5;
    }
  }

  private static byte[] sha512(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-512").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-512", e);
    }
  }

  private static byte[] wrapped(byte[] message) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(WRAP_START);
    bytes.writeBytes(message);
    bytes.writeBytes(WRAP_END);
    return bytes.toByteArray();
  }

  private static boolean isZero(byte[] bytes) {
    return Arrays.equals(bytes, new byte[bytes.length]);
  }

  private static void requireLength(String what, byte[] bytes, int length) {
    if (bytes.length != length) {
      throw new IllegalArgumentException(
          what + " must have " + length + " bytes, has " + bytes.length);
    }
  }
}
